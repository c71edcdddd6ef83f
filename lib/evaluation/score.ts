import type { Rehearsal } from "@/lib/chat";
import { type Check, RANKED_AT, type Retrieved, type TestQuestion } from "./schema";

export interface Score {
  passed: boolean;
  checks: Check[];
  retrieved: Retrieved[];
  /** Share of the expected sources among the first ten passages; null when none is expected. */
  recall: number | null;
  reciprocalRank: number | null;
  /** Whether every citation of the answer holds and nothing in it was marked as unsupported; null when there was nothing to ground. */
  grounded: boolean | null;
}

type Source = { title: string; url: string | null };

/** Judges an answer by what its question expects. Deterministic: the same answer always scores the same. */
export function score(
  expected: TestQuestion,
  answer: Pick<Rehearsal, "status" | "text" | "citations" | "trace">,
): Score {
  const candidates = (answer.trace?.candidates ?? []).slice(0, RANKED_AT);
  const retrieved = candidates.map(({ title, url, score: points }) => ({
    title,
    url,
    score: points,
    expected: expected.expectedSources.some((source) => isSource(source, { title, url })),
  }));
  const ranking = rank(expected.expectedSources, retrieved);
  if (answer.status === "failed")
    return {
      passed: false,
      checks: [check("answered", false, "The model gave no answer.")],
      retrieved,
      ...ranking,
      grounded: null,
    };
  const refused = answer.status === "no_answer";
  if (expected.mustRefuse) {
    const detail = refused ? "" : "It answered, but the knowledge should not hold an answer.";
    return { passed: refused, checks: [check("refused", refused, detail)], retrieved, ...ranking, grounded: null };
  }
  if (refused) {
    const detail = "It said that it does not know.";
    return { passed: false, checks: [check("answered", false, detail)], retrieved, ...ranking, grounded: null };
  }
  const grounding = [citationsHold(answer), everythingStands(answer)];
  const checks = [
    check("answered", answer.status === "complete", answer.status === "complete" ? "" : "The answer was cut off."),
    ...(expected.expectedFacts.length > 0 ? [factsStand(expected.expectedFacts, answer.text)] : []),
    ...(expected.expectedSources.length > 0 ? [sourceIsCited(expected.expectedSources, answer.citations)] : []),
    ...grounding,
  ];
  return {
    passed: checks.every(({ ok }) => ok),
    checks,
    retrieved,
    ...ranking,
    grounded: grounding.every(({ ok }) => ok),
  };
}

const check = (name: Check["name"], ok: boolean, detail: string): Check => ({ name, ok, detail });
const quoted = (texts: string[]): string => texts.map((text) => `“${text}”`).join(", ");

function rank(sources: string[], retrieved: Source[]): Pick<Score, "recall" | "reciprocalRank"> {
  if (sources.length === 0) return { recall: null, reciprocalRank: null };
  const ranks = sources.map((source) => retrieved.findIndex((found) => isSource(source, found)));
  const found = ranks.filter((at) => at >= 0);
  return {
    recall: found.length / sources.length,
    reciprocalRank: found.length > 0 ? 1 / (Math.min(...found) + 1) : 0,
  };
}

/** An address means its page, whichever passage of it; anything else is a title. */
function isSource(expected: string, { title, url }: Source): boolean {
  if (!/^https?:\/\//i.test(expected)) return plain(expected) === plain(title);
  return url !== null && pageOf(expected) === pageOf(url);
}

function pageOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname, search } = new URL(url);
  return `${host}${pathname.replace(/\/+$/, "")}${search}`;
}

/** As it is compared: without markup, citation numbers, case, and kinds of spaces, quotes and dashes. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\[(\d{1,3})\]/g, " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`|#>\\]+/g, " ")
    .replace(/[‘’]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/[‐‑–—]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

function factsStand(facts: string[], text: string): Check {
  const said = plain(text);
  const missing = facts.filter((fact) => !said.includes(plain(fact)));
  return check("facts", missing.length === 0, missing.length > 0 ? `The answer does not say ${quoted(missing)}.` : "");
}

function sourceIsCited(sources: string[], citations: Source[]): Check {
  const ok = citations.some((citation) => sources.some((source) => isSource(source, citation)));
  const cited = [...new Set(citations.map(({ url, title }) => url?.split("#")[0] ?? title))];
  return check(
    "sources",
    ok,
    ok ? "" : `Cited ${cited.length > 0 ? cited.join(", ") : "nothing"} instead of ${sources.join(" or ")}.`,
  );
}

/** Words of the quote that the passage need not hold: tables are quoted with their heads. */
const QUOTE_OVERLAP = 0.9;

/** Every number in brackets has its citation, there is one at least, and each is quoted from a passage that the model was given. */
function citationsHold({ text, citations, trace }: Pick<Rehearsal, "text" | "citations" | "trace">): Check {
  const marked = new Set([...text.matchAll(/\[(\d{1,3})\](?!\()/g)].map((match) => Number(match[1])));
  const given = (trace?.candidates ?? []).filter(({ used }) => used);
  const problems: string[] = [];
  if (citations.length === 0) problems.push("The answer cites nothing.");
  const unknown = [...marked].filter((number) => !citations.some((citation) => citation.number === number));
  if (unknown.length > 0) problems.push(`No source belongs to [${unknown.join("], [")}].`);
  for (const { number, quote, title } of citations) {
    const words = wordsOf(quote);
    const known = new Set(
      given
        .filter((passage) => passage.title === title)
        .flatMap((passage) => wordsOf([passage.content, ...passage.headingPath, passage.title].join(" "))),
    );
    const holds = known.size > 0 && words.filter((word) => known.has(word)).length >= QUOTE_OVERLAP * words.length;
    if (!holds) problems.push(`What [${number}] quotes does not stand in its source.`);
  }
  return check("citations", problems.length === 0, problems.join(" "));
}

/** What the check of answers marked, as visitors see it marked: figures, names, quotes and claims that no source holds. */
function everythingStands({ trace }: Pick<Rehearsal, "trace">): Check {
  const found = trace?.checks ?? [];
  const items = [...new Set(found.flatMap((mark) => mark.items))];
  const detail =
    items.length > 0 ? `No source holds ${quoted(items)}.` : "The sources do not say what the answer says.";
  return check("support", found.length === 0, found.length > 0 ? detail : "");
}

const wordsOf = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
