/** A text, or a part of one, as weighted frequencies of what is asked for. */
export interface Field<Term> {
  frequencies: Map<Term, number>;
  /** Weighted length with everything that is not asked for. */
  length: number;
}

/**
 * BM25 of each field for a question, Lucene's formula: idf = ln(1 + (N − n + ½) / (n + ½)), tf / (tf + k1 (1 − b + b · length / average)).
 * N, n and the average length are those of the fields given.
 */
export function bm25<Term>(
  fields: Field<Term>[],
  query: Map<Term, number>,
  { k1 = 1.2, b }: { k1?: number; b: number },
): number[] {
  const average = fields.reduce((sum, field) => sum + field.length, 0) / fields.length || 1;
  const found = new Map<Term, number>();
  for (const { frequencies } of fields) count(frequencies.keys(), 1, found);
  const weights = new Map<Term, number>();
  for (const [term, n] of found) {
    weights.set(term, (query.get(term) ?? 0) * Math.log(1 + (fields.length - n + 0.5) / (n + 0.5)));
  }
  return fields.map(({ frequencies, length }) => {
    const norm = k1 * (1 - b + (b * length) / average);
    let score = 0;
    for (const [term, tf] of frequencies) score += (weights.get(term)! * tf) / (tf + norm);
    return score;
  });
}

/** Adds `weight` for each term. */
export function count<Term>(terms: Iterable<Term>, weight = 1, into = new Map<Term, number>()): Map<Term, number> {
  for (const term of terms) into.set(term, (into.get(term) ?? 0) + weight);
  return into;
}
