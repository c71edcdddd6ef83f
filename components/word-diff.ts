export interface DiffPart {
  text: string;
  kind: "same" | "removed" | "added";
}

/** Beyond it the whole text is shown as replaced: comparing takes the product of both lengths. */
const MAX_CELLS = 4_000_000;

/** What of a text was replaced by what, word by word, with the space between them kept. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [a, b] = [split(before), split(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return joined([
    ...a.slice(0, start).map((text) => ({ text, kind: "same" as const })),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map((text) => ({ text, kind: "same" as const })),
  ]);
}

const split = (text: string): string[] => text.split(/(\s+)/).filter(Boolean);

/** By the longest common subsequence. */
function middle(a: string[], b: string[]): DiffPart[] {
  const removed = (text: string): DiffPart => ({ text, kind: "removed" });
  const added = (text: string): DiffPart => ({ text, kind: "added" });
  if (a.length * b.length > MAX_CELLS) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      parts.push({ text: a[i++]!, kind: "same" });
      j++;
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) parts.push(removed(a[i++]!));
    else parts.push(added(b[j++]!));
  }
  return [...parts, ...a.slice(i).map(removed), ...b.slice(j).map(added)];
}

/** Neighbours of a kind become one; the space between two words that were replaced was replaced with them. */
function joined(parts: DiffPart[]): DiffPart[] {
  const result: DiffPart[] = [];
  let [removed, added] = ["", ""];
  const end = () => {
    if (removed) result.push({ text: removed, kind: "removed" });
    if (added) result.push({ text: added, kind: "added" });
    [removed, added] = ["", ""];
  };
  for (const [index, { text, kind }] of parts.entries()) {
    const next = parts[index + 1]?.kind ?? "same";
    const isBetween = kind === "same" && removed !== "" && added !== "" && !text.trim() && next !== "same";
    if (kind === "removed" || isBetween) removed += text;
    if (kind === "added" || isBetween) added += text;
    if (kind !== "same" || isBetween) continue;
    end();
    const last = result.at(-1);
    if (last?.kind === "same") last.text += text;
    else result.push({ text, kind });
  }
  end();
  return result;
}
