// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g;

/** Without control characters other than tabs and line ends: Postgres stores no NUL, and nobody can see the others. */
export const printable = (text: string): string => text.replace(CONTROL, "");
