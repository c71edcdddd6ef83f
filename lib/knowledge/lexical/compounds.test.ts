import { expect, test } from "vitest";
import { hash32 } from "@/lib/core/text/hash";
import { stem } from "@/lib/core/text/stem";
import { compoundSearches, isLongWord, type KnownTerm, standInsOf } from "./compounds";
import { confidence } from "./confidence";
import type { MatchedChunk } from "./fuse";
import { termId } from "./term-id";
import { indexTerms, queryTerms } from "./terms";
import { unknownWords } from "./unknown-words";

const AGENT = "agent-a";
const idOf = (stem: string) => termId(stem, hash32(AGENT, 0));

/** What stands in for words of a question that the agent does not know, when it knows these stems and found these long words. */
function standIns(
  question: string,
  { stems = [], found = [], language = "de" }: { stems?: string[]; found?: string[]; language?: string },
) {
  const options = { question, language, agentId: AGENT };
  const unknown = unknownWords(question, new Set(stems.map(idOf)), options);
  const known: KnownTerm[] = [
    ...stems.map((stem) => ({ term: idOf(stem), chunk_count: 1, word: null })),
    ...found.map((word) => ({ term: idOf(word), chunk_count: 1, word })),
  ];
  return standInsOf(compoundSearches(unknown, options), known);
}
const stemsOf = (...args: Parameters<typeof standIns>) =>
  Object.fromEntries([...standIns(...args)].map(([word, list]) => [word, list.map(({ stems }) => stems)]));

test("a passage keeps its long words beside their terms in languages that join words, and none in others", () => {
  const longWords = (content: string, language: string) =>
    indexTerms({ title: "", headingPath: [], content, language, agentId: AGENT }).longWords;
  expect(longWords("Die Versandkosten und der Preis sind nicht hoch.", "de")).toEqual([
    [idOf("versandkost"), "versandkost"],
  ]);
  expect(longWords("The subscription and the confirmation are not for the others.", "en")).toEqual([]);
  expect(longWords("L'abonnement et la confirmation ne sont pas pour les autres.", "fr")).toEqual([]);
});

test("keys, codes and short words are no long words", () => {
  expect(["versand", "versandkost"].map((word) => isLongWord(word, "de"))).toEqual([true, true]);
  expect(["kosten", "a1b2c3d4e5", "x".repeat(41), "доставка1"].map((word) => isLongWord(word, "de"))).not.toContain(
    true,
  );
});

test("a word is found in the compounds that begin or end with it", () => {
  expect(stemsOf("Was ist mit dem Versand?", { found: ["versandkost", "postversand", "lieferung"] })).toEqual({
    versand: [["postversand"], ["versandkost"]],
  });
});

test("an end that only a longer word would lose is no hindrance: Zahlung stands in Ratenzahlung", () => {
  const [search] = compoundSearches([{ word: "zahlung", stem: "zahlung", term: 1 }], {
    question: "zahlung",
    language: "de",
    agentId: AGENT,
  });
  expect(search!.ends).toEqual(["zahlung", "zahl"]);
});

test("two words of the question that make up a compound leave no room for other compounds", () => {
  const found = ["ruckgaberecht", "ruckgabefrist"];
  expect(stemsOf("Wie lange habe ich Recht auf Rückgabe?", { stems: ["lang"], found })).toEqual({
    recht: [["ruckgaberecht"]],
    ruckgab: [["ruckgaberecht"]],
  });
});

test.each([
  ["de", "Versandkosten", ["Versand", "Kosten"]],
  ["de", "Kündigungsfristen", ["Kündigung", "Frist"]],
  ["de", "Kundenserviceteam", ["Kunde", "Service", "Team"]],
  ["nl", "verzendkosten", ["verzenden", "kosten"]],
  ["sv", "betalningsvillkor", ["betalning", "villkor"]],
  ["da", "leveringsomkostninger", ["levering", "omkostning"]],
  ["no", "leveringsadresse", ["levering", "adresser"]],
  ["fi", "toimituskulut", ["toimitus", "kulu"]],
])("%s: %s is known by its parts", (language, compound, parts) => {
  const stems = parts.map((part) => stem(part.toLowerCase(), language));
  expect(Object.values(stemsOf(compound, { stems, language }))).toEqual([[stems]]);
});

test("as few parts as possible, and of two ways the one without a very short part", () => {
  expect(stemsOf("Wasserbehälterdeckel", { stems: ["wass", "behalt", "wasserbehalt", "deckel"] })).toEqual({
    wasserbehalterdeckel: [["wasserbehalt", "deckel"]],
  });
});

test("a part beside one that is not known stands for half of the word", () => {
  expect(standIns("Milchschaum", { stems: ["milch"] }).get("milchschaum")).toEqual([
    expect.objectContaining({ stems: ["milch"], parts: 2 }),
  ]);
  expect(standIns("Hofparkplatz", { stems: ["hof", "platz"] }).get("hofparkplatz")?.[0]?.stems).toEqual(["platz"]);
  expect(standIns("Verkaufen", { stems: ["kauf"] }).size).toBe(0);
});

test("function words are no parts", () => {
  expect(standIns("Hierbleiben", { stems: ["hier", "bleib"] }).get("hierbleib")?.[0]?.stems).not.toContain("hier");
});

test("questions in other languages, of known words, and with words of any length have none", () => {
  expect(standIns("shippingcosts", { stems: ["ship", "shipping", "cost"], language: "en" }).size).toBe(0);
  expect(standIns("Versandkosten", { stems: ["versandkost", "versand", "kost"] }).size).toBe(0);
  expect(standIns("x".repeat(5_000), { stems: ["xxxx"] }).size).toBe(0);
  expect(standIns("", {}).size).toBe(0);
});

test("what stands in is searched at a lower weight than the word, and adds to confidence by the share that a passage has", () => {
  const put = standIns("Versandkosten", { stems: ["versand", "kost"] });
  const asked = queryTerms({ text: "Versandkosten", language: "de", agentId: AGENT, standIns: put });
  const weightOf = (stem: string) => asked.weights[asked.terms.indexOf(idOf(stem))];
  expect(weightOf("versandkost")).toBe(1);
  expect(weightOf("versand")).toBeLessThan(1);
  expect(weightOf("kost")).toBe(weightOf("versand"));

  const sure = (content: string) => {
    const chunk: MatchedChunk = {
      chunkId: content,
      pageId: "p",
      sourceId: "s",
      url: "https://x.test/",
      title: "Hilfe",
      headingPath: [],
      anchor: null,
      content,
      position: 0,
      tokenCount: 9,
      lexical: 1,
      similarity: 0,
    };
    return confidence("Versandkosten", [chunk], { language: "de", standIns: put });
  };
  const [word, both, one, none] = [
    sure("Versandkosten: 5 Euro."),
    sure("Die Kosten für den Versand."),
    sure("Der Versand ist schnell."),
    sure("Der Preis ist hoch."),
  ];
  expect(word).toBeGreaterThan(both);
  expect(both).toBeGreaterThan(0.35);
  expect(one).toBeLessThan(0.35);
  expect(one).toBeGreaterThan(none);
});
