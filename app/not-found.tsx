import Link from "next/link";
import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";

export default function NotFound() {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-5 px-6 py-16">
      <title>Not found · AlonChat</title>
      <Logo />
      <div className="grid gap-1">
        <h1 className="text-xl font-semibold">This page does not exist</h1>
        <p className="text-sm text-ink-muted">
          The address may have a typo, the thing may have been deleted, or it belongs to a workspace that you are not a
          member of.
        </p>
      </div>
      <div>
        <Button asChild variant="primary">
          <Link href="/">Go to the start</Link>
        </Button>
      </div>
    </main>
  );
}
