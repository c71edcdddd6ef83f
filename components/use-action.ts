"use client";

import { useState, useTransition } from "react";
import type { ActionResult } from "./action-result";
import { textOf } from "./text-of";

type Failure = Extract<ActionResult<unknown>, { ok: false }>;

/**
 * Runs a server action from an event handler. `failure` is the last expected failure, to be shown at its place; a bug goes to the nearest
 * error page. An ended session goes to the sign-in page and comes back.
 */
export function useAction<Args extends unknown[], T>(
  action: (...args: Args) => Promise<ActionResult<T>>,
  { onSuccess, onFailure }: { onSuccess?: (data: T) => void; onFailure?: (failure: Failure) => void } = {},
): {
  submit: (...args: Args) => void;
  pending: boolean;
  failure: Failure | null;
  reset: () => void;
} {
  const [pending, startTransition] = useTransition();
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = (...args: Args) =>
    startTransition(async () => {
      const result = await offlineAsFailure(() => action(...args));
      if (result.ok) {
        setFailure(null);
        onSuccess?.(result.data);
        return;
      }
      if (result.code === "unauthenticated") {
        const here = `${location.pathname}${location.search}`;
        location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
        return;
      }
      setFailure(result);
      onFailure?.(result);
    });
  return { submit, pending, failure, reset: () => setFailure(null) };
}

/** Bytes that a character of JavaScript takes at the most, in UTF-8. */
const MAX_CHARACTER_BYTES = 3;

/**
 * Gives a file's text to an action, unless it is longer than the action takes: a request that is too large ends without an answer to show.
 * Nor is what would be read wrongly: a guess at another encoding than UTF-8 and UTF-16 would store letters that nobody wrote.
 */
export async function sendText<T>(
  file: File,
  maxLength: number,
  send: (text: string) => Promise<ActionResult<T>>,
): Promise<ActionResult<T>> {
  const tooLarge = "This file is too large to import. Split it into several.";
  if (file.size > maxLength * MAX_CHARACTER_BYTES) return { ok: false, code: "content_too_large", message: tooLarge };
  const text = textOf(new Uint8Array(await file.arrayBuffer()));
  if (text === null)
    return {
      ok: false,
      code: "bad_request",
      message:
        "This is not a text file in UTF-8, so some of its letters would be read wrongly. Save it as “CSV UTF-8”, as spreadsheets call it, and import it again.",
    };
  if (text.length > maxLength) return { ok: false, code: "content_too_large", message: tooLarge };
  return send(text);
}

/** A network that is not there is nobody's bug: say so beside the button and keep what was typed. */
async function offlineAsFailure<T>(work: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError && /fetch|network/i.test(error.message))
      return {
        ok: false,
        code: "offline",
        message: "The server could not be reached. Check your connection and try again.",
      };
    throw error;
  }
}
