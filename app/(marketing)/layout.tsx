import Link from "next/link";
import { currentUser } from "@/app/_server/session";
import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";

export default async function MarketingLayout({ children }: { children: React.ReactNode }) {
  const user = await currentUser();
  return (
    <div className="min-h-dvh bg-surface">
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <nav aria-label="Main" className="page flex h-14 items-center justify-between gap-3">
          <Link href="/" className="rounded-md" aria-label="AlonChat, start page">
            <Logo />
          </Link>
          <div className="flex items-center gap-2">
            {user ? (
              <Button asChild variant="primary">
                <Link href="/home">Open dashboard</Link>
              </Button>
            ) : (
              <>
                <Button asChild variant="ghost">
                  <Link href="/sign-in">Sign in</Link>
                </Button>
                <Button asChild variant="primary">
                  <Link href="/sign-up">Start free</Link>
                </Button>
              </>
            )}
          </div>
        </nav>
      </header>
      {children}
      <footer className="border-t border-line">
        <div className="page flex flex-wrap items-center justify-between gap-3 py-6 text-sm text-ink-muted">
          <Logo className="text-sm text-ink" />
          <p>Open source under the MIT licence.</p>
        </div>
      </footer>
    </div>
  );
}
