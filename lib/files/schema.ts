import { z } from "zod";

export const MAX_FILES_AT_ONCE = 50;
export const MAX_FILES_OF_SOURCE = 1_000;
export const MAX_PAIRS = 2_000;
export const MAX_TEXT_LENGTH = 200_000;
/** An imported list of questions, as text: what a server action takes. */
export const MAX_IMPORT_LENGTH = 900_000;

/** Endings that a browser may offer to choose from; what a file is decides its content. */
export const FILE_ENDINGS = ".pdf,.docx,.pptx,.xlsx,.csv,.tsv,.html,.htm,.md,.markdown,.txt,.json,.jsonl";

export const FileName = z
  .string()
  .transform((name) => (name.split(/[\\/]/).at(-1) ?? "").replace(/\p{Cc}/gu, "").trim())
  .pipe(
    z.string().min(1, "This file has no name.").max(200, "This file's name is longer than 200 characters. Rename it."),
  );

export const UploadRequest = z.object({ name: FileName, sizeBytes: z.number().int().min(0) });
export type UploadRequest = z.infer<typeof UploadRequest>;

/** Where a browser puts a file: a PUT of its bytes to `url`, until the link ends. */
export interface AllowedUpload {
  fileId: string;
  name: string;
  url: string;
}

export const SourceName = z.string().trim().min(1, "Give it a name.").max(200, "At most 200 characters.");

export const PastedText = z
  .string()
  .trim()
  .min(1, "Write or paste some text.")
  .max(MAX_TEXT_LENGTH, `At most ${MAX_TEXT_LENGTH.toLocaleString("en")} characters. Upload longer texts as a file.`);

export const Pair = z.object({
  question: z
    .string()
    .transform((text) => text.replace(/\s+/g, " ").trim())
    .pipe(z.string().min(1, "Write the question.").max(500, "At most 500 characters.")),
  answer: z.string().trim().min(1, "Write the answer.").max(4_000, "At most 4,000 characters."),
});
export type Pair = z.infer<typeof Pair>;

export type FileStatus = "uploading" | "queued" | "reading" | "ready" | "failed" | "left_out";

/** A file as its member sees it. */
export interface SourceFile {
  id: string;
  name: string;
  sizeBytes: number;
  status: FileStatus;
  /** Why it failed or was left out. */
  reason: string | null;
  kind: string | null;
  placeCount: number | null;
  notes: string[];
  isPublic: boolean;
  chunkCount: number;
  createdAt: string;
}
