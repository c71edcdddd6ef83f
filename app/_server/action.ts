import "server-only";
import { makeActions } from "./make-action";
import { requestId } from "./request-id";
import { type Member, memberOrThrow, type PlatformAdmin, platformAdminOrThrow } from "./session";

export type { FormState } from "./make-action";

export const { action, formAction, platformAction } = makeActions<Member, PlatformAdmin>({
  memberOf: memberOrThrow,
  platformAdmin: platformAdminOrThrow,
  requestId,
});
