import { randomUUID } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { inject } from "vitest";
import type { Stack } from "@/supabase/local/stack";

export const TEMPLATE_DATABASE = "alonchat_template";

/** What test files know of the stack that runs for them. */
export type SharedStack = Omit<Stack, "stop" | "timings">;

export const testStack = (): SharedStack => inject("stack");

export type TestUser = {
  userId: string;
  email: string;
  password: string;
  accessToken: string;
  /** signed in; its requests run under row-level security */
  client: SupabaseClient;
};

// Nothing of one client may be seen by another: no storage, no refreshing in the background.
const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };

/** Signs a new person up through Auth. Migrations give everybody who signs up a workspace of their own. */
export async function signUp(
  email = `${randomUUID()}@example.test`,
  metadata: Record<string, unknown> = {},
): Promise<TestUser> {
  const client = asAnon();
  const password = randomUUID();
  const { data, error } = await client.auth.signUp({ email, password, options: { data: metadata } });
  if (error || !data.session || !data.user) throw error ?? new Error("sign-up gave no session");
  return { userId: data.user.id, email, password, accessToken: data.session.access_token, client };
}

/** A visitor without an account. */
export function asAnon(): SupabaseClient {
  const { apiUrl, publishableKey } = testStack();
  return createClient(apiUrl, publishableKey, { auth });
}
