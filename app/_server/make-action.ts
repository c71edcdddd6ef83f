import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { type ActionResult, fieldErrorsOf } from "@/components/action-result";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { type Role, roleAtLeast } from "@/lib/tenancy/schema";

/** What actions need from the request they run in. */
export type ActionContext<M extends { role: Role }, A> = {
  /** @throws AppError when nobody is signed in, or not a member */
  memberOf: (tenantSlug: string) => Promise<M>;
  /** @throws AppError when nobody is signed in, or somebody who does not run the platform */
  platformAdmin: () => Promise<A>;
  requestId: () => Promise<string>;
};

/** The state of a form that works before its script has loaded: the last answer, and what was typed except secrets. */
export type FormState<T = undefined> = { result: ActionResult<T> | null; values: Record<string, string> };

/** All kinds of server action. Expected failures (bad input, AppError) are values; anything else is a bug and throws. */
export function makeActions<M extends { role: Role }, A>({ memberOf, platformAdmin, requestId }: ActionContext<M, A>) {
  async function settle<T>(work: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
    try {
      return await work();
    } catch (error) {
      unstable_rethrow(error); // redirect() and notFound() are thrown too
      const id = await requestId();
      if (error instanceof AppError) {
        log[error.policy.level]({ event: "action.refused", code: error.code, requestId: id, cause: causeOf(error) });
        return { ok: false, code: error.code, message: error.message };
      }
      log.error({ event: "action.failed", requestId: id, err: error });
      throw Object.assign(error instanceof Error ? error : new Error("unknown"), { digest: id });
    }
  }

  return {
    /**
     * An action of a workspace: authorise, parse, call.
     * @param minRole checked here for a clear message, and again by row-level security
     * @returns an async function `(tenantSlug, input)`. A bug is logged and thrown with the request id as its digest, which error.tsx shows.
     */
    action<S extends z.ZodType, T>(
      schema: S,
      minRole: Role,
      fn: (input: z.output<S>, member: M) => Promise<T>,
    ): (tenant: string, input: z.input<S>) => Promise<ActionResult<T>> {
      return (tenant, input) =>
        settle(async () => {
          const member = await memberOf(String(tenant));
          if (!roleAtLeast(member.role, minRole))
            throw new AppError("forbidden", `This needs the role ${minRole}; yours is ${member.role}.`);
          const parsed = schema.safeParse(input);
          if (!parsed.success) return badInput(parsed.error);
          return { ok: true, data: await fn(parsed.data, member) };
        });
    },

    /** An action of the platform: for who runs it alone. @returns an async function `(input)` */
    platformAction<S extends z.ZodType, T>(
      schema: S,
      fn: (input: z.output<S>, admin: A) => Promise<T>,
    ): (input: z.input<S>) => Promise<ActionResult<T>> {
      return (input) =>
        settle(async () => {
          const admin = await platformAdmin();
          const parsed = schema.safeParse(input);
          if (!parsed.success) return badInput(parsed.error);
          return { ok: true, data: await fn(parsed.data, admin) };
        });
    },

    /** An action of a public form (`useActionState`). Values named in `keep` come back, so that nobody types twice. */
    formAction<S extends z.ZodType, T>(
      schema: S,
      keep: readonly string[],
      fn: (input: z.output<S>, form: FormData) => Promise<T>,
    ): (previous: FormState<T>, form: FormData) => Promise<FormState<T>> {
      return async (_previous, form) => {
        const values = Object.fromEntries(keep.map((name) => [name, String(form.get(name) ?? "")]));
        const result = await settle(async () => {
          const parsed = schema.safeParse(Object.fromEntries(form));
          if (!parsed.success) return badInput(parsed.error);
          return { ok: true as const, data: await fn(parsed.data, form) };
        });
        return { result, values };
      };
    },
  };
}

const badInput = (error: z.ZodError): ActionResult<never> => ({
  ok: false,
  code: "bad_request",
  message: "Check the marked fields.",
  fieldErrors: fieldErrorsOf(error.issues),
});

/** The code of what lay under an AppError; its text may hold data. */
const causeOf = (error: AppError): string | undefined =>
  error.cause && typeof error.cause === "object" && "code" in error.cause ? String(error.cause.code) : undefined;
