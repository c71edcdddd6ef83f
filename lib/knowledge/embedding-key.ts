/** How an embedding model is named beside each vector: vectors of two models are never compared. */
export const embeddingKey = ({ provider, id }: { provider: string; id: string }): string => `${provider}/${id}`;
