import { describe, expect, test, vi } from "vitest";
import attachments from "../../parts/attachments";
import csat from "../../parts/csat";
import handover from "../../parts/handover";
import leadForm from "../../parts/leadForm";
import proactive, { fits } from "../../parts/proactive";
import ar from "./ar";
import de from "./de";
import es from "./es";
import fr from "./fr";
import he from "./he";
import hi from "./hi";
import it from "./it";
import ja from "./ja";
import nl from "./nl";
import pl from "./pl";
import pt from "./pt";
import tr from "./tr";
import zh from "./zh";

vi.mock("../../parts/attachments.css?inline", () => ({ default: "" }));
vi.mock("../../parts/csat.css?inline", () => ({ default: "" }));
vi.mock("../../parts/handover.css?inline", () => ({ default: "" }));
vi.mock("../../parts/leadForm.css?inline", () => ({ default: "" }));
vi.mock("../../parts/proactive.css?inline", () => ({ default: "" }));

const ENGLISH = {
  attachments: attachments.strings,
  csat: csat.strings,
  handover: handover.strings,
  leadForm: leadForm.strings,
  proactive: proactive.strings,
};
const LANGUAGES = { ar, de, es, fr, he, hi, it, ja, nl, pl, pt, tr, zh };
const placesOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(Object.entries(LANGUAGES))("%s", (_code, texts) => {
  test("has every text, none of them English, with the same places for values", () => {
    for (const [part, english] of Object.entries(ENGLISH)) {
      const own = texts[part as keyof typeof texts] as Record<string, string>;
      expect(Object.keys(own), part).toEqual(Object.keys(english));
      for (const [key, text] of Object.entries(english as Record<string, string>)) {
        expect(own[key]!.trim(), `${part}.${key}`).not.toBe("");
        expect(own[key], `${part}.${key}`).not.toBe(text);
        expect(placesOf(own[key]!), `${part}.${key}`).toEqual(placesOf(text));
      }
    }
  });
});

describe("a page fits a pattern", () => {
  const at = (href: string) => new URL(href) as unknown as Location;
  test.each([
    ["/pricing", "https://shop.test/pricing", true],
    ["/pricing", "https://shop.test/pricing?x=1", false],
    ["/pricing*", "https://shop.test/pricing?x=1", true],
    ["/a*b*c", "https://shop.test/a-b-c", true],
    ["/a*b*c", "https://shop.test/a-c-b", false],
    ["/ab*ba", "https://shop.test/aba", false],
    ["*utm_source=mail*", "https://shop.test/?utm_source=mail&y", true],
    ["https://shop.test/", "https://shop.test/", true],
    ["*", "https://shop.test/anything", true],
    ["/(a+)+$", "https://shop.test/aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", false],
  ])("%s · %s: %s", (pattern, href, expected) => {
    expect(fits(pattern, at(href))).toBe(expected);
  });
});
