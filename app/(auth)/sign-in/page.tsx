import Link from "next/link";
import { redirect } from "next/navigation";
import { safeNext } from "@/app/_server/paths";
import { currentUser, workspacesOf } from "@/app/_server/session";
import { SignInForm } from "../auth-form.client";
import { Heading, Problem, Providers } from "../parts";

export const metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const query = await searchParams;
  const next = safeNext(query.next);
  const user = await currentUser();
  // Someone signed in but without a workspace must be able to sign in as somebody else.
  if (user && (await workspacesOf(user.id)).length > 0) redirect(next ?? "/home");
  return (
    <>
      <Heading title="Sign in">Welcome back.</Heading>
      <Problem problem={query.problem} />
      <SignInForm next={next} />
      <Providers />
      <p className="mt-6 text-sm text-ink-muted">
        New here?{" "}
        <Link href="/sign-up" className="text-link font-medium">
          Create a workspace
        </Link>
      </p>
    </>
  );
}
