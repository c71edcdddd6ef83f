/** Why a file gave no text: a code for machines and a sentence for the member. Never worth a retry with the same bytes. */
export class FileProblem extends Error {
  override readonly name = "FileProblem";

  constructor(
    readonly code: ProblemCode,
    message: string,
  ) {
    super(message);
  }
}

export type ProblemCode =
  | "unsupported_content"
  | "wrong_name"
  | "encrypted"
  | "broken"
  | "scanned"
  | "too_large"
  | "too_slow"
  | "too_much_memory"
  | "infected"
  | "no_text"
  | "missing";
