const TOPICS = 500;
/** Directions in which passages of one topic differ; text embeddings have a few dozen that matter, whatever their length. */
const LATENT = 24;
const BASES = 16;
const NOISE = 0.02;

export interface VectorMaker {
  /** A passage: a topic and a place around it. Whole numbers up to some thousands, since cosine does not mind the length. */
  passage(topics: number[]): Int16Array;
  /** A question about a passage: the same place, said otherwise. */
  question(passage: Int16Array): Int16Array;
  /** The topics that somebody writes about. */
  someTopics(count: number): number[];
}

/**
 * Vectors as embeddings of texts are: around topics, and around a topic in few directions of decreasing weight. Uniform random vectors
 * have no near neighbours, so that a search over them says nothing.
 */
export function vectorMaker(dimensions: number, seed: number): VectorMaker {
  const random = generator(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const direction = (length: number) => {
    const values = Float32Array.from({ length: dimensions }, normal);
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return values.map((value) => (value * length) / norm);
  };
  const topics = Array.from({ length: TOPICS }, () => direction(0.7));
  const bases = Array.from({ length: BASES }, () =>
    Array.from({ length: LATENT }, (_, k) => direction(0.7 / Math.sqrt(1 + k))),
  );
  const around = (start: ArrayLike<number>, base: Float32Array[], reach: number, scale: number) => {
    const values = Float32Array.from(start, (value) => value * scale);
    for (const axis of base) {
      const z = normal() * reach;
      for (let i = 0; i < dimensions; i++) values[i]! += z * axis[i]!;
    }
    return Int16Array.from(values, (value) => Math.round((value + NOISE * (random() - 0.5)) * 4_000));
  };
  return {
    passage(among) {
      const topic = among[Math.floor(random() * among.length)]!;
      return around(topics[topic]!, bases[topic % BASES]!, 0.4, 1);
    },
    question: (passage) => around(passage, bases[Math.floor(random() * BASES)]!, 0.15, 1 / 4_000),
    someTopics: (count) => Array.from({ length: count }, () => Math.floor(random() * TOPICS)),
  };
}

/** Mulberry32: 0 ≤ x < 1, the same numbers for the same seed. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
