import "server-only";
import { makeActions } from "./make-action";
import { requestId } from "./request-id";
import { type Member, memberOrThrow } from "./session";

export type { FormState } from "./make-action";

export const { action, formAction } = makeActions<Member>({ memberOf: memberOrThrow, requestId });
