import { expect, test } from "vitest";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { AgentSettings, DEFAULT_FALLBACKS, fallbackIn, SETTINGS_LIMITS, WIDGET_LANGUAGES } from "./schema";

const said = (fallbackMessage: string, language: string, fallbackMessages: Record<string, string> = {}) =>
  fallbackIn({ fallbackMessage, fallbackMessages }, language);

test.each(WIDGET_LANGUAGES)("while nobody has written any, a visitor who writes %s reads theirs", (language) => {
  const ours = said(DEFAULT_FALLBACKS.en, language);
  expect(ours).toBe(DEFAULT_FALLBACKS[language]);
  expect(ours.length).toBeLessThanOrEqual(SETTINGS_LIMITS.fallbackLength);
  expect(detectLanguage(ours)).toBe(language);
});

test("in a language that the product has no words in, the one for all is said", () =>
  expect(said(DEFAULT_FALLBACKS.en, "fi")).toBe(DEFAULT_FALLBACKS.en));

test("what the owner wrote for all goes before the product's words: it says where to turn", () =>
  expect(said("Call 555 0100.", "de")).toBe("Call 555 0100."));

test("what the owner wrote in a language goes before everything, in that language alone", () => {
  const own = { de: "Rufen Sie 555 0100 an.", fi: "Soita 555 0100." };
  expect(said("Call 555 0100.", "de", own)).toBe(own.de);
  expect(said("Call 555 0100.", "fr", own)).toBe("Call 555 0100.");
  expect(said(DEFAULT_FALLBACKS.en, "fi", own)).toBe(own.fi);
  expect(said(DEFAULT_FALLBACKS.en, "fr", own)).toBe(DEFAULT_FALLBACKS.fr);
});

test.each(["__proto__", "constructor", "toString", ""])("%s is no language", (language) =>
  expect(said(DEFAULT_FALLBACKS.en, language)).toBe(DEFAULT_FALLBACKS.en),
);

test("empty ones fall away, so that nothing was written", () => {
  const { fallbackMessages } = AgentSettings.shape;
  expect(fallbackMessages.parse({ de: " Hallo. ", fr: "  " })).toEqual({ de: "Hallo." });
});

test.each([{ german: "Hallo" }, { DE: "Hallo" }, { de: 1 }, { de: "x".repeat(501) }, ["de"], null])(
  "%j is refused",
  (value) => expect(AgentSettings.shape.fallbackMessages.safeParse(value).success).toBe(false),
);
