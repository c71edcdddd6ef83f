import { AsyncLocalStorage } from "node:async_hooks";

/** What a request to lite wants of the mail that it may cause; lite itself forgets both. */
export type RequestContext = { redirectTo?: string; isPkce: boolean };

const contexts = new AsyncLocalStorage<RequestContext>();

export const requestContext = (): RequestContext | undefined => contexts.getStore();

/** Paths of Auth that send mails. */
const MAILING = /^\/auth\/v1\/(recover|otp|magiclink|signup|resend|user)$/;

export async function inRequestContext<T>(request: Request, work: () => Promise<T>): Promise<T> {
  const url = new URL(request.url);
  const context: RequestContext = { isPkce: false };
  if (MAILING.test(url.pathname) && request.method !== "GET") {
    const body = (await request
      .clone()
      .json()
      .catch(() => ({}))) as { code_challenge?: unknown } | null;
    context.isPkce = typeof body?.code_challenge === "string" && body.code_challenge !== "";
    const redirectTo = url.searchParams.get("redirect_to");
    if (redirectTo) context.redirectTo = redirectTo;
  }
  return contexts.run(context, work);
}

let users = 0;
let original: typeof console.error | undefined;

/**
 * lite prints every refused request with its stack through console.error. Within a request that is silenced (the client gets
 * the answer) unless STACK_DEBUG is set.
 * @returns a function that puts things back when the last gateway of the process has called it
 */
export function muteRequests(): () => void {
  if (process.env.STACK_DEBUG) return () => {};
  if (users++ === 0) {
    const print = console.error;
    original = print;
    console.error = (...args: unknown[]) => {
      if (!contexts.getStore()) print(...args);
    };
  }
  return () => {
    if (--users === 0 && original) console.error = original;
  };
}
