import "server-only";
import { isAuthRetryableFetchError, type SupabaseClient } from "@supabase/supabase-js";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { AppError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/types.gen";
import { listWorkspaces, type Role, type Workspace } from "@/lib/tenancy";
import { supabase } from "./supabase";

export type User = { id: string; email: string };
export type Member = {
  db: SupabaseClient<Database>;
  user: User;
  tenantId: string;
  tenant: Workspace;
  role: Role;
  workspaces: Workspace[];
};

export type PlatformAdmin = Pick<Member, "db" | "user">;

/**
 * Who is signed in, or null. The token is verified, not only decoded.
 * @throws AppError "upstream_failed" when the auth server cannot be asked: that is no reason to sign anybody out
 */
export const currentUser = cache(async (): Promise<User | null> => {
  const db = await supabase();
  const { data, error } = await db.auth.getClaims();
  if (isAuthRetryableFetchError(error))
    throw new AppError("upstream_failed", "Your session could not be checked. Try again in a minute.", {
      cause: error,
    });
  if (!data) return null;
  return { id: data.claims.sub, email: data.claims.email ?? "" };
});

/** Who is signed in; everyone else goes to the sign-in page and comes back afterwards. For pages. */
export async function requireUser(): Promise<User> {
  const user = await currentUser();
  if (user) return user;
  const path = (await headers()).get("x-path") ?? "/";
  redirect(`/sign-in?next=${encodeURIComponent(path)}`);
}

/** Whether the caller runs the platform, once a request. */
export const isPlatformAdmin = cache(async (): Promise<boolean> => {
  const { data, error } = await (await supabase()).rpc("is_platform_admin");
  if (error)
    throw new AppError("upstream_failed", "Your rights could not be checked. Try again in a minute.", { cause: error });
  return data;
});

/** Who runs the platform. For pages: strangers sign in, everyone else gets the not-found page, since its existence is not their business. */
export async function requirePlatformAdmin(): Promise<PlatformAdmin> {
  const user = await requireUser();
  return (await isPlatformAdmin()) ? { user, db: await supabase() } : notFound();
}

/** As `requirePlatformAdmin`, for actions and routes. @throws AppError "unauthenticated" | "not_found" */
export async function platformAdminOrThrow(): Promise<PlatformAdmin> {
  const user = await currentUser();
  if (!user) throw new AppError("unauthenticated", "Your session has ended. Sign in again to continue.");
  if (!(await isPlatformAdmin())) throw new AppError("not_found", "There is no such page.");
  return { user, db: await supabase() };
}

/** A user's workspaces, once a request. */
export const workspacesOf = cache(
  async (userId: string): Promise<Workspace[]> => listWorkspaces(await supabase(), { userId }),
);

/**
 * The member behind a request to `/[tenant]/…`. For pages and layouts: shows the sign-in page to strangers and the not-found page to
 * members of other tenants, who learn nothing about this one.
 */
export async function requireMember(slug: string): Promise<Member> {
  const user = await requireUser();
  const member = await findMember(user, slug);
  return member ?? notFound();
}

/** As `requireMember`, for actions and routes. @throws AppError "unauthenticated" | "not_found" */
export async function memberOrThrow(slug: string): Promise<Member> {
  const user = await currentUser();
  if (!user) throw new AppError("unauthenticated", "Your session has ended. Sign in again to continue.");
  const member = await findMember(user, slug);
  if (!member) throw new AppError("not_found", "This workspace does not exist, or you are not a member of it.");
  return member;
}

async function findMember(user: User, slug: string): Promise<Member | null> {
  const workspaces = await workspacesOf(user.id);
  const tenant = workspaces.find((workspace) => workspace.slug === slug);
  if (!tenant) return null;
  return { db: await supabase(), user, tenantId: tenant.id, tenant, role: tenant.role, workspaces };
}
