/** What is asked for, with how often; its place in the map is its column in a FieldTable. */
export type Asked<Term> = Map<Term, { column: number; times: number }>;

/** Counts each term; columns in the order of first appearance. */
export function asked<Term>(terms: Iterable<Term>): Asked<Term> {
  const found: Asked<Term> = new Map();
  for (const term of terms) {
    const known = found.get(term);
    if (known) known.times++;
    else found.set(term, { column: found.size, times: 1 });
  }
  return found;
}

/** Texts, or parts of them, as weighted frequencies of what is asked for: a row a text, a column a term. */
export class FieldTable {
  readonly frequencies: Float32Array;
  /** Weighted length of each text with everything that is not asked for. */
  readonly lengths: Float64Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
  ) {
    this.frequencies = new Float32Array(rows * columns);
    this.lengths = new Float64Array(rows);
  }

  add(row: number, column: number, weight: number): void {
    this.frequencies[row * this.columns + column]! += weight;
  }
}

/**
 * BM25 of each text for a question, Lucene's formula: idf = ln(1 + (N − n + ½) / (n + ½)), tf / (tf + k1 (1 − b + b · length / average)).
 * N, n and the average length are those of the table's texts.
 */
export function bm25(
  { rows, columns, frequencies, lengths }: FieldTable,
  query: Asked<unknown>,
  { k1 = 1.2, b }: { k1?: number; b: number },
): number[] {
  const weights = new Float64Array(columns);
  for (const { column, times } of query.values()) {
    let n = 0;
    for (let at = column; at < frequencies.length; at += columns) if (frequencies[at]! > 0) n++;
    weights[column] = times * Math.log(1 + (rows - n + 0.5) / (n + 0.5));
  }
  const average = lengths.reduce((sum, length) => sum + length, 0) / rows || 1;
  return Array.from(lengths, (length, row) => {
    const norm = k1 * (1 - b + (b * length) / average);
    let score = 0;
    for (let column = 0; column < columns; column++) {
      const tf = frequencies[row * columns + column]!;
      if (tf > 0) score += (weights[column]! * tf) / (tf + norm);
    }
    return score;
  });
}
