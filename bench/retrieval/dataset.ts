import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const Document = z.object({ id: z.string(), title: z.string().optional(), text: z.string() });
const Query = z.object({ id: z.string(), text: z.string() });
const Judgement = z.object({ q: z.string(), d: z.string(), r: z.number() });

export interface Dataset {
  documents: z.infer<typeof Document>[];
  queries: z.infer<typeof Query>[];
  /** Query id → document id → relevance. */
  judgements: Map<string, Map<string, number>>;
}

/** Reads corpus.jsonl.gz {id,title?,text}, queries.jsonl.gz {id,text} and qrels.jsonl.gz {q,d,r} of a folder. */
export function loadDataset(folder: string): Dataset {
  const judgements = new Map<string, Map<string, number>>();
  for (const { q, d, r } of lines(folder, "qrels.jsonl.gz", Judgement)) {
    const known = judgements.get(q) ?? new Map<string, number>();
    known.set(d, Math.max(r, known.get(d) ?? 0));
    judgements.set(q, known);
  }
  return {
    documents: lines(folder, "corpus.jsonl.gz", Document),
    queries: lines(folder, "queries.jsonl.gz", Query),
    judgements,
  };
}

function lines<T>(folder: string, file: string, schema: z.ZodType<T>): T[] {
  const text = gunzipSync(readFileSync(path.join(folder, file))).toString("utf8");
  return text.split("\n").flatMap((line, index) => {
    if (!line.trim()) return [];
    const parsed = schema.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(`${file}, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    return [parsed.data];
  });
}
