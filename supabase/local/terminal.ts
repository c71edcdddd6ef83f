import { explain } from "./errors";

const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

export const say = (line = ""): void => console.log(line);

/** `label   value` lines with the values below each other. */
export function sayTable(rows: [string, string][]): void {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) say(`  ${dim(label.padEnd(width))}  ${value}`);
}

/** An error as a newcomer should see it, on stderr. */
export function sayError(error: unknown): void {
  console.error(`${red("✗")} ${explain(error)}`);
}
