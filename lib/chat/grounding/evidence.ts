import { analyze, readWords } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { emailKey, type Figure, figuresOf } from "./figures";
import { ADDRESS, hostOf, sameAddress, trimAddress } from "./links";

export interface EvidencePassage {
  text: string;
  title: string;
  heading: string;
  /** Empty for what has no address. */
  url: string;
}

/** What one text says, read once. */
interface Known {
  language: string;
  figures: ReadonlySet<string>;
  phones: string[];
  words: ReadonlySet<string>;
  stems: ReadonlySet<string>;
  addresses: ReadonlySet<string>;
  lower: string;
}

/**
 * A line of a page that speaks to the model instead of the reader is no evidence: what it orders to be said counts as invented. Nothing
 * is blocked by it, so that a page about such sentences is answered from all the same.
 */
const ORDERS =
  /\b(?:ignor|disregard|forget|vergiss|olvida|oublie)\w*\W+(?:\w+\W+){0,5}?(?:instruct|anweisung|instruccion|istruzion|instruç|directives|rules|prompt)|忽略.{0,12}指令|指示を無視|<\|im_(?:start|end)\|>/iu;
const withoutOrders = (text: string): string =>
  ORDERS.test(text)
    ? text
        .split("\n")
        .filter((line) => !ORDERS.test(line))
        .join("\n")
    : text;

const MAX_KNOWN = 1_000;
/** By text and hint: passages are given to answers again and again. */
const knownTexts = new Map<string, Known>();

function read(said: string, hint: string): Known {
  const key = `${hint}\n${said}`;
  const seen = knownTexts.get(key);
  if (seen) return seen;
  if (knownTexts.size >= MAX_KNOWN) knownTexts.clear();
  const text = withoutOrders(said);
  const language = detectLanguage(text, hint);
  const figures = new Set<string>();
  const phones: string[] = [];
  for (const { keys, kind } of figuresOf(text, language)) {
    if (kind === "phone") phones.push(keys[0]!.slice(2));
    for (const found of keys) for (const said of kind === "date" ? saidByDate(found) : [found]) figures.add(said);
  }
  const words = new Set(readWords(text, language).flatMap((word) => [word.text, word.stem]));
  const addresses = new Set([...text.matchAll(ADDRESS)].map(([address]) => sameAddress(trimAddress(address))));
  const stems = new Set(analyze(text, language));
  const known = { language, figures, phones, words, stems, addresses, lower: text.toLowerCase() };
  knownTexts.set(key, known);
  return known;
}

/** A date says its day without the year, its month, and its year too. */
function saidByDate(key: string): string[] {
  if (key.startsWith("d:--")) return [key, `only:${key}`];
  return [
    key,
    key.replace(/^d:\d{4}-(\d\d-\d\d)$/, "d:--$1"),
    key.slice(0, "d:2026-12".length),
    `n:${key.slice(2, 6)}|`,
  ];
}

/**
 * What an answer may say: the figures, words and addresses of the passages that the model was given, and the figures and words
 * (but no addresses) of what the visitor wrote and the member set.
 */
export class Evidence {
  readonly cited: readonly Pick<Known, "language" | "stems">[];
  private readonly all: readonly Known[];
  private readonly addresses: ReadonlySet<string>;
  private readonly hosts: ReadonlySet<string>;

  /** @param said questions, the agent's name, its sentence for not knowing: what may be repeated though no page says it */
  constructor(
    readonly passages: readonly EvidencePassage[],
    readonly said: readonly string[],
    readonly language: string,
  ) {
    const known = passages.map(({ text, title, heading }) => read(`${title}\n${heading}\n${text}`, language));
    this.cited = known;
    this.all = [...known, ...said.map((text) => read(text, language))];
    const urls = passages.flatMap(({ url }) => url || []);
    this.addresses = new Set([...urls.map(sameAddress), ...known.flatMap(({ addresses }) => [...addresses])]);
    this.hosts = new Set(urls.map(hostOf));
  }

  /** These passages alone, beside what may be repeated anyway; null when there is none of them. */
  only(indexes: readonly number[]): Evidence | null {
    const passages = indexes.flatMap((index) => this.passages[index] ?? []);
    return passages.length > 0 ? new Evidence(passages, this.said, this.language) : null;
  }

  /** Whether the sources, or the visitor, say this. */
  holds({ kind, keys, text }: Figure): boolean {
    switch (kind) {
      case "number":
      case "price":
      case "percent":
        return this.holdsValue(keys);
      case "date":
        return keys.some((key) => this.says(key) || this.holdsDate(key));
      case "time":
        // "9–17" in a list of hours says what "9:00 to 17:00" does.
        return keys.some((key) => this.says(key) || this.says(key.replace(/^t:0?(\d+):00$/, "n:$1|")));
      case "url":
        return this.allowsAddress(text) || this.hosts.has(hostOf(text)) || this.names(keys);
      case "phone":
        return this.all.some(({ phones }) => phones.some((digits) => sharesEnd(digits, keys[0]!.slice(2))));
      case "code":
        return this.includes(text);
      case "email":
        return keys.some((key) => this.says(key));
    }
  }

  /** Whether a link may lead there: an address that a passage names or has, or the front page of a passage's site. */
  allowsAddress(address: string): boolean {
    if (/^mailto:/i.test(address)) return this.says(emailKey(address.replace(/\?.*$/s, "")));
    const same = sameAddress(address);
    return this.addresses.has(same) || this.hosts.has(same);
  }

  /** Of the passages, each once. */
  get languages(): string[] {
    return [...new Set(this.cited.map(({ language }) => language))];
  }

  hasWord(word: string): boolean {
    return this.all.some(({ words }) => words.has(word));
  }

  hasStem(stem: string): boolean {
    return this.all.some(({ stems }) => stems.has(stem));
  }

  /** Whether the address of a passage has this in it. */
  isOfAddress(text: string): boolean {
    const part = text.replace(/\/+$/, "");
    return this.passages.some(({ url }) => url.includes(part));
  }

  includes(text: string): boolean {
    const lower = text.toLowerCase();
    return this.all.some((known) => known.lower.includes(lower));
  }

  /** Whether a passage has this address, also without a scheme as `status.shop.example`. What the visitor wrote is none. */
  private names(keys: string[]): boolean {
    return this.all.slice(0, this.cited.length).some(({ figures }) => keys.some((key) => figures.has(key)));
  }

  private says(key: string): boolean {
    return this.all.some(({ figures }) => figures.has(key));
  }

  /** A day that the sources give without its year, when the year stands somewhere too. */
  private holdsDate(key: string): boolean {
    const [, year, day] = /^d:(\d{4})-(\d\d-\d\d)$/.exec(key) ?? [];
    return !!day && this.says(`only:d:--${day}`) && this.says(`n:${year}|`);
  }

  /** A value without a unit is in the sources with any; one with a unit also where the sources leave the unit out, as tables do. */
  private holdsValue(keys: string[]): boolean {
    const hasUnit = keys.some((key) => key.startsWith("v:"));
    return keys.some((key) => {
      if (key.startsWith("v:")) return this.says(`n:${key.slice(2)}|`);
      return this.says(key) || (!hasUnit && this.says(key.replace(/^n:(.*)\|$/, "v:$1")));
    });
  }
}

/** The same line with and without the country's prefix. */
const sharesEnd = (a: string, b: string): boolean => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 7 && long.endsWith(short.replace(/^0+/, ""));
};
