import { expect, test } from "vitest";
import { analyze, analyzeQuery, caseParts, readWords, words } from "./analyze";
import { stem } from "./stem";

test("stop words are dropped, possessives cut, and the rest is stemmed", () => {
  expect(analyze("The garden's pumps are running", "en")).toEqual(["garden", "pump", "run"]);
});

test("English is stemmed by Porter2, where the first Porter differs", () => {
  const pairs = {
    generously: "generous",
    news: "news",
    dying: "die",
    easily: "easili",
    subscription: "subscript",
    ties: "tie",
  };
  expect(Object.fromEntries(Object.keys(pairs).map((word) => [word, stem(word, "en")]))).toEqual(pairs);
});

test.each([
  ["de", "Häuser", "haus"],
  ["fr", "livraisons", "livraison"],
  ["es", "devoluciones", "devolu"],
  ["it", "spedizioni", "spedizion"],
  ["ru", "заказами", "заказ"],
  ["ar", "الطلبات", "طلب"],
])("%s words have a stemmer of their own: %s → %s", (language, word, expected) => {
  expect(analyze(word, language)).toEqual([expected]);
});

test("German verbs whose stem ends in t or d are those of their noun and infinitive, and nouns in -et stay", () => {
  for (const [verb, other] of [
    ["kostet", "Kosten"],
    ["arbeitet", "arbeiten"],
    ["meldet", "melden"],
    ["mietet", "Miete"],
  ])
    expect(analyze(verb!, "de"), verb).toEqual(analyze(other!, "de"));
  expect(analyze("Ticket Paket Budget Internet Planet", "de")).toEqual([
    "ticket",
    "paket",
    "budget",
    "internet",
    "planet",
  ]);
});

test.each([
  ["What was sent and written?", "What do you send and write?"],
  ["the children of the women", "the child of the woman"],
  ["criteria for indices", "a criterion for an index"],
])("irregular forms are those of their word: %s", (form, word) => {
  expect(analyzeQuery(form, "en").terms).toEqual(analyzeQuery(word, "en").terms);
});

test("words that look like an irregular form of another stay what they are", () => {
  for (const word of ["left", "found", "media", "data", "constructor"])
    expect(analyze(word, "en")).toEqual([stem(word, "en")]);
  expect(analyze("media", "en")).not.toEqual(analyze("medium", "en"));
});

test("numbers and words with digits are kept whole", () => {
  expect(words("iPhone15 has 256 GB, v2.5")).toEqual(["iPhone15", "has", "256", "GB", "v2", "5"]);
});

test("identifiers are also found by their parts longer than two letters", () => {
  expect(analyze("getElementById", "en")).toEqual(["getelementbyid", "get", "element"]);
  expect(caseParts("XMLHttpRequest")).toEqual(["xml", "http", "request"]);
  expect(caseParts("Hello")).toEqual([]);
});

test("question words are dropped from questions, not from pages", () => {
  expect(analyzeQuery("How can I tell when my pump needs water?", "en").terms).toEqual(["pump", "need", "water"]);
  expect(analyze("How can I", "en")).toEqual(["how", "can", "i"]);
});

test("a question of nothing but question words is searched as it stands", () => {
  expect(analyzeQuery("How do I?", "en").terms).toEqual(["how", "do", "i"]);
  expect(analyzeQuery("?!", "en").terms).toEqual([]);
});

test.each([
  ["Is there a way to delete the account?", "delete account"],
  ["I'd like to know if it's possible to delete the account", "delete account"],
  ["I can’t delete the account, and it won't close", "delete account close"],
  ["How does LIKE compare text?", "like compare text"],
])("the frame of a question is not searched: %s", (question, telling) => {
  expect(analyzeQuery(question, "en").words.map((word) => word.text)).toEqual(telling.split(" "));
});

test("an apostrophe outside English is part of its word", () => {
  expect(analyzeQuery("Де мій об'єкт?", "uk").words.map((word) => word.text)).toEqual(["об'єкт"]);
});

test("neighbours are those of the question with its question words", () => {
  expect(analyzeQuery("Where is my order", "en").sequence.map((word) => word.stem)).toEqual(["where", "my", "order"]);
});

test("elided articles are cut in French and Italian, not in English", () => {
  expect(analyze("l’abonnement", "fr")).toEqual(analyze("abonnement", "fr"));
  expect(analyze("dell'ordine", "it")).toEqual(analyze("ordine", "it"));
  expect(analyze("d'artagnan", "en")).toEqual(["d'artagnan"]);
});

test("a word is found with and without accents, soft hyphens and zero-width characters", () => {
  const plain = analyze("resume", "en");
  for (const variant of ["résumé", "re\u00ADsume", "re\u200Bsume", "re\u0301sume\u0301"])
    expect(analyze(variant, "en")).toEqual(plain);
});

test("scripts without spaces can be searched by a part of what is written", () => {
  expect(words("返品について")).toEqual(["返品", "品に", "につ", "つい", "いて"]);
  expect(words("iPhoneを買う")).toEqual(["iPhone", "を買", "買う"]);
  expect(words("ลืมรหัสผ่าน").length).toBeGreaterThan(1);
});

test("vowel signs of Indic scripts do not split a word", () => {
  expect(words("दस्तावेज़ कैसे")).toEqual(["दस्तावेज़", "कैसे"]);
});

test("a word in another script than the page's is stemmed by that script", () => {
  expect(analyze("subscriptions", "ru")).toEqual(["subscript"]);
  expect(analyze("заказами", "en")).toEqual(["заказ"]);
});

test("keys and hashes stay whole and cost nothing", () => {
  const key = "a".repeat(100_000);
  expect(analyze(key, "en")).toEqual([key]);
  expect(readWords(key, "en")[0]!.isStop).toBe(false);
});
