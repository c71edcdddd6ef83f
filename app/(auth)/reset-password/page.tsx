import Link from "next/link";
import { ResetForm } from "../auth-form.client";
import { Heading, Problem } from "../parts";

export const metadata = { title: "Reset password" };

export default async function ResetPasswordPage({ searchParams }: PageProps<"/reset-password">) {
  const { problem } = await searchParams;
  return (
    <>
      <Heading title="Reset your password">We send you a link to set a new one.</Heading>
      <Problem problem={problem} />
      <ResetForm />
      <p className="mt-6 text-sm text-ink-muted">
        <Link href="/sign-in" className="text-link font-medium">
          Back to sign in
        </Link>
      </p>
    </>
  );
}
