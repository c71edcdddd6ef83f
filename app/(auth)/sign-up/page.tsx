import Link from "next/link";
import { redirect } from "next/navigation";
import { currentUser } from "@/app/_server/session";
import { SignUpForm } from "../auth-form.client";
import { Heading, Providers } from "../parts";

export const metadata = { title: "Sign up" };

export default async function SignUpPage() {
  if (await currentUser()) redirect("/home");
  return (
    <>
      <Heading title="Create your workspace">From your website to its first answer in a few minutes.</Heading>
      <SignUpForm />
      <Providers />
      <p className="mt-6 text-sm text-ink-muted">
        Have an account?{" "}
        <Link href="/sign-in" className="text-link font-medium">
          Sign in
        </Link>
      </p>
    </>
  );
}
