import { hash32 } from "@/lib/core/text/hash";

/** @param seed hash of the agent's id */
export const termId = (term: string, seed: number): number => (hash32(term, seed) % 999_999_999) + 1;
