import type { Part } from "./part";
import type { Parts } from "./parts";
import type { Strings } from "./strings";

/** The texts of every part that has some. */
type PartStrings = {
  [Name in keyof Parts as Parts[Name]["strings"] extends Record<string, never> ? never : Name]: Parts[Name]["strings"];
};

/** Those of forms, people, ratings and files: in `languages/engagement/`, for a language module to spread in. */
export type EngagementTexts = Pick<PartStrings, "attachments" | "csat" | "handover" | "leadForm" | "proactive">;

/** A module of `languages/`: the widget's texts and those of its parts. It is a part itself, which puts them in. */
export const language = (
  code: string,
  strings: Strings,
  parts: Omit<PartStrings, "language">,
): Part<object, () => void> => ({
  strings: {},
  mount({ words }) {
    Object.assign(words, strings, { language: code, parts });
    return () => {};
  },
});
