/** Characters that take about a token each: Chinese, Japanese, Korean, Thai and their like. */
const WIDE = /[\u0e00-\u0fff\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]/g;

/** About how many tokens a model counts, within some 20 % for prose. For limits and for calls whose provider reports no usage. */
export function estimateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  return Math.ceil((text.length - wide) / 4 + wide);
}
