import { weightedLength } from "./text";
import type { PageNode } from "./tree";

const GOOD_RUN_CHARS = 25;
const SHORT_RUN_CHARS = 60;
const MAX_CODE_CHARS = 2_000;
const SENTENCE_END = /[.!?。！？:;]["'”’)]?$/;

/**
 * Fills `good` (prose) and `bad` (link lists, labels, fragments) of every element, in weighted characters, for the current junk
 * marks. A run is the text between two block boundaries, inline elements included.
 */
export function measureMass(root: PageNode): void {
  new MassWalk().block(root, false, false, false);
}

class MassWalk {
  private length = 0;
  private linked = 0;
  private lastPiece = "";

  block(node: PageNode, inLink: boolean, inJunk: boolean, inCode: boolean): void {
    const junk = inJunk || node.isJunk;
    const code = inCode || node.tag === "pre";
    this.inline(node, node, inLink || node.tag === "a", junk, code);
    this.flush(node, junk, code);
    addChildren(node);
  }

  private inline(node: PageNode, owner: PageNode, inLink: boolean, junk: boolean, code: boolean): void {
    for (const child of node.children) {
      if (typeof child === "string") this.text(child, inLink);
      else if (child.tag === "br") continue;
      else if (child.isBlock) {
        this.flush(owner, junk, code);
        this.block(child, inLink, junk, code);
      } else if (!child.isJunk) this.inline(child, owner, inLink || child.tag === "a", junk, code);
    }
  }

  private text(piece: string, inLink: boolean): void {
    const text = piece.trim();
    if (text === "") return;
    const length = weightedLength(text) + 1;
    this.length += length;
    if (inLink) this.linked += length;
    this.lastPiece = text;
  }

  private flush(owner: PageNode, junk: boolean, code: boolean): void {
    const { length, linked, lastPiece } = this;
    this.length = 0;
    this.linked = 0;
    this.lastPiece = "";
    if (length === 0) return;
    let good = 0;
    let bad = 0;
    const own = length - linked;
    if (code) good = Math.min(length, MAX_CODE_CHARS);
    else if (!owner.isHeading) {
      if (own >= GOOD_RUN_CHARS && linked / length < 0.5) {
        good = own;
        if (own < SHORT_RUN_CHARS && !SENTENCE_END.test(lastPiece.slice(-3))) good *= 0.5;
        if (owner.tag === "p") good *= 1.15;
      } else bad = Math.min(length, 60) / 2 + 5;
    }
    if (junk) owner.bad += good / 2 + bad;
    else {
      owner.good += good;
      owner.bad += bad;
    }
  }
}

/** Blocks carry their own mass already; inline elements only what the blocks inside them hold. */
function addChildren(node: PageNode): void {
  for (const child of node.elements()) {
    if (!child.isBlock) {
      child.good = 0;
      child.bad = 0;
      addChildren(child);
    }
    node.good += child.good;
    node.bad += child.bad;
  }
}
