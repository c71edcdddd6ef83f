import { createHmac, timingSafeEqual } from "node:crypto";
import { jwtVerify } from "jose";
import { z } from "zod";
import { AppError, agentUnavailable } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { call } from "@/lib/db/pool";
import type { EmbedDeps } from "./deps";
import { openIdentitySecret } from "./identity-secret";
import { ProfileClaims, UserId, VisitorKey } from "./schema";

/** Who asks: a browser that holds a key, or a user whom the customer's server vouched for. */
export interface Visitor {
  /** What conversations are kept under. */
  hash: string;
  /** Of the browser's own key; null when it sent none. */
  keyHash: string | null;
  isIdentified: boolean;
  /** What the token says of the user, for who answers them; null when it says nothing. */
  profile: (Profile & { tenantId: string }) | null;
}

interface Profile {
  name: string | null;
  email: string | null;
}

type Header = (name: string) => string | null;

/** Clocks of customers' servers may be wrong by so much. */
const CLOCK_TOLERANCE_S = 60;

const Keys = z
  .object({
    tenantId: z.uuid(),
    agentId: z.uuid(),
    keys: z.array(z.object({ id: z.uuid(), sealed: z.string() })),
  })
  .nullable();

/**
 * The visitor behind a request of the widget. A user's conversations belong to the user, whichever browser they use; what this browser
 * said before it knew the user becomes the user's.
 * @returns null without a key and an identity
 * @throws AppError identity_invalid for an identity that nobody vouches for
 */
export async function identifyVisitor(
  deps: Pick<EmbedDeps, "db" | "cipher">,
  publicId: string,
  header: Header,
): Promise<Visitor | null> {
  const key = VisitorKey.safeParse(header("x-alonchat-visitor"));
  const keyHash = key.success ? sha256(key.data) : null;
  const claim = claimOf(header);
  if (!claim) return keyHash ? { hash: keyHash, keyHash, isIdentified: false, profile: null } : null;
  const found = Keys.parse(await call(deps.db, "identity_keys", { public_id: publicId }));
  if (!found) throw agentUnavailable();
  const { userId, profile } = await firstVouched(
    claim,
    found.keys.map((row) => openIdentitySecret(deps.cipher, row)),
  );
  const hash = sha256(`user:${found.agentId}:${userId}`);
  if (keyHash)
    await call(deps.db, "claim_conversations", {
      tenant_id: found.tenantId,
      agent_id: found.agentId,
      user_hash: hash,
      visitor_hash: keyHash,
    });
  return { hash, keyHash, isIdentified: true, profile: profile && { ...profile, tenantId: found.tenantId } };
}

interface User {
  userId: string;
  profile: Profile | null;
}

type Claim = { token: string } | { user: string; userHash: string };

/** What a request says about its user; nothing when it says nothing. */
function claimOf(header: Header): Claim | null {
  const token = header("x-alonchat-identity");
  if (token !== null) return { token };
  const user = header("x-alonchat-user");
  const userHash = header("x-alonchat-user-hash");
  return user === null && userHash === null ? null : { user: user ?? "", userHash: userHash ?? "" };
}

/** While keys are rotated there are two, and either will do. */
async function firstVouched(claim: Claim, secrets: string[]): Promise<User> {
  for (const secret of secrets) {
    const user = "token" in claim ? await userOfToken(claim.token, secret) : userOfHash(claim, secret);
    if (user) return user;
  }
  throw new AppError(
    "identity_invalid",
    "Your sign-in could not be verified. Reload the page; if that does not help, tell the people who run this website.",
  );
}

/** The algorithm is ours to choose, never the token's: `none` and tokens signed with a public key do not pass. */
async function userOfToken(token: string, secret: string): Promise<User | null> {
  const verified = await jwtVerify(token, new TextEncoder().encode(secret), {
    algorithms: ["HS256"],
    requiredClaims: ["sub", "exp"],
    clockTolerance: CLOCK_TOLERANCE_S,
  }).catch(() => null);
  const userId = UserId.safeParse(verified?.payload.sub).data;
  if (userId === undefined) return null;
  const { name, email } = ProfileClaims.parse(verified?.payload);
  return { userId, profile: name || email ? { name, email } : null };
}

function userOfHash({ user, userHash }: { user: string; userHash: string }, secret: string): User | null {
  const expected = createHmac("sha256", secret).update(user).digest();
  const given = Buffer.from(userHash, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const userId = UserId.safeParse(user).data;
  return userId === undefined ? null : { userId, profile: null };
}
