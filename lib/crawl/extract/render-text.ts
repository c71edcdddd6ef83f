import { type Block, type Container, isCellBlock } from "./block";

/** Plain text: a line per list item and table row, a blank line between everything else. */
export function renderText(blocks: readonly Block[]): string {
  let text = "";
  let previous: Block | undefined;
  for (const block of blocks) {
    if (block.text === "") continue;
    if (previous) text += separator(previous, block);
    text += block.text;
    previous = block;
  }
  return text.toWellFormed();
}

function separator(previous: Block, block: Block): string {
  const before = find(previous.container, "cell");
  const here = find(block.container, "cell");
  if (before && here && isCellBlock(previous) && isCellBlock(block) && before.table === here.table)
    return before.row === here.row ? " | " : "\n";
  const list = find(block.container, "item")?.list;
  return list && find(previous.container, "item")?.list === list ? "\n" : "\n\n";
}

function find<Kind extends Container["kind"]>(
  container: Container | null,
  kind: Kind,
): Extract<Container, { kind: Kind }> | undefined {
  for (let up = container; up; up = up.parent) if (up.kind === kind) return up as Extract<Container, { kind: Kind }>;
  return undefined;
}
