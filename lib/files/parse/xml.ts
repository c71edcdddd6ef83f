import { StringDecoder } from "node:string_decoder";
import { SaxesParser } from "saxes";
import { FileProblem } from "../problem";

/** Names are without their namespace's prefix, which every program chooses for itself; attributes by both names. */
export interface XmlEvents {
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const MAX_DEPTH = 200;

/** Reads XML of office files piece by piece. Entities of its own and document types are refused: such files never hold any. */
export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly decoder: { write(piece: Buffer): string };
  private depth = 0;

  constructor(events: XmlEvents, encoding: BufferEncoding = "utf8") {
    this.decoder = new StringDecoder(encoding);
    this.parser.on("doctype", () => {
      throw new FileProblem(
        "broken",
        "This file holds XML with definitions of its own, which documents never have, so it was not opened. Save it again with the program that made it.",
      );
    });
    this.parser.on("error", () => {
      throw new FileProblem(
        "broken",
        "This file is damaged: a part of it is not valid XML. Save it again and upload the new copy.",
      );
    });
    this.parser.on("opentag", (tag) => {
      if (++this.depth > MAX_DEPTH)
        throw new FileProblem("broken", "This file is nested more deeply than any document, so it was not opened.");
      events.open?.(localName(tag.name), withLocalNames(tag.attributes as Record<string, string>));
    });
    this.parser.on("closetag", (tag) => {
      this.depth--;
      events.close?.(localName(tag.name));
    });
    if (events.text) {
      // The two characters that mark pages later are no text.
      const text = (piece: string) => events.text?.(piece.replace(/[\uE000\uE001]/g, ""));
      this.parser.on("text", text);
      this.parser.on("cdata", text);
    }
  }

  write(piece: Buffer): void {
    this.parser.write(this.decoder.write(piece));
  }

  end(): void {
    this.parser.close();
  }
}

export interface XmlNode {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
}

/** A small part of a file (a slide, relations, styles) as a tree. */
export function readXml(bytes: Buffer): XmlNode {
  const root: XmlNode = { name: "", attributes: {}, children: [], text: "" };
  const stack = [root];
  const reader = new XmlReader(
    {
      open(name, attributes) {
        const node: XmlNode = { name, attributes, children: [], text: "" };
        stack.at(-1)!.children.push(node);
        stack.push(node);
      },
      text(text) {
        stack.at(-1)!.text += text;
      },
      close() {
        stack.pop();
      },
    },
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf16le" : "utf8",
  );
  reader.write(bytes);
  reader.end();
  return root;
}

/** Every node of that name below, in document order; does not look inside those it finds. */
export function* nodesNamed(node: XmlNode, name: string): Generator<XmlNode> {
  for (const child of node.children) {
    if (child.name === name) yield child;
    else yield* nodesNamed(child, name);
  }
}

export const firstNamed = (node: XmlNode, name: string): XmlNode | undefined =>
  nodesNamed(node, name).next().value as XmlNode | undefined;

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

function withLocalNames(attributes: Record<string, string>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    all[name] = value;
    all[localName(name)] ??= value;
  }
  return all;
}
