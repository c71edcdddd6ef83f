"use server";

import { redirect } from "next/navigation";
import { formAction } from "@/app/_server/action";
import { authFailure } from "@/app/_server/auth-messages";
import { safeNext } from "@/app/_server/paths";
import { currentUser } from "@/app/_server/session";
import { supabase } from "@/app/_server/supabase";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { listWorkspaces } from "@/lib/tenancy";
import { RequestReset, SignIn, SignUp, UpdatePassword } from "@/lib/tenancy/schema";

const callback = (next: string) => `${env().APP_URL}/auth/callback?next=${encodeURIComponent(next)}`;

/** A database trigger makes the workspace and its owner; the new member goes on to their first agent. */
export const signUp = formAction(SignUp, ["workspaceName", "email"], async (input) => {
  const db = await supabase();
  const { data, error } = await db.auth.signUp({
    email: input.email,
    password: input.password,
    options: { data: { workspace_name: input.workspaceName }, emailRedirectTo: callback("/home") },
  });
  if (error) throw authFailure(error);
  if (!data.session || !data.user) return { confirm: input.email };
  const [workspace] = await listWorkspaces(db, { userId: data.user.id });
  redirect(workspace ? `/${workspace.slug}/agents/new` : "/home");
});

export const signIn = formAction(SignIn, ["email"], async (input, form) => {
  const db = await supabase();
  const { error } = await db.auth.signInWithPassword(input);
  if (error) throw authFailure(error);
  redirect(safeNext(form.get("next")) ?? "/home");
});

/** Answers the same whether or not the address has an account, so that nobody can find out who has one. */
export const requestReset = formAction(RequestReset, ["email"], async ({ email }) => {
  const db = await supabase();
  const { error } = await db.auth.resetPasswordForEmail(email, { redirectTo: callback("/update-password") });
  const failure = error && authFailure(error);
  if (failure?.code === "rate_limited" || failure?.code === "upstream_failed") throw failure;
  return { sentTo: email };
});

export const updatePassword = formAction(UpdatePassword, [], async ({ password }) => {
  if (!(await currentUser())) throw new AppError("unauthenticated", "This link has expired. Ask for a new one.");
  const db = await supabase();
  const { error } = await db.auth.updateUser({ password });
  if (error) throw authFailure(error);
  redirect("/home");
});

export async function signInWith(provider: "google" | "github"): Promise<void> {
  const { AUTH_GITHUB_ENABLED, AUTH_GOOGLE_ENABLED } = env();
  if (!(provider === "google" ? AUTH_GOOGLE_ENABLED : provider === "github" && AUTH_GITHUB_ENABLED))
    redirect("/sign-in");
  const db = await supabase();
  const { data, error } = await db.auth.signInWithOAuth({ provider, options: { redirectTo: callback("/home") } });
  if (error || !data.url) redirect("/sign-in?problem=provider");
  redirect(data.url);
}

/** Ends this browser's session. The cookies go even when the auth server cannot be reached. */
export async function signOut(): Promise<void> {
  const db = await supabase();
  await db.auth.signOut({ scope: "local" });
  redirect("/sign-in");
}
