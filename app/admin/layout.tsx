import Link from "next/link";
import { Logo } from "@/components/logo";
import { requirePlatformAdmin } from "../_server/session";

/** The pages of who runs the platform. */
export default async function AdminLayout({ children }: LayoutProps<"/admin">) {
  // Here and not in the page alone: it must be known that there is such a page before anything of it is sent.
  const { user } = await requirePlatformAdmin();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-b border-line bg-canvas">
        <div className="mx-auto flex h-12 w-full max-w-[1120px] items-center gap-4 px-4 text-sm sm:px-6">
          <Link href="/home" className="rounded-md" aria-label="AlonChat, to your workspace">
            <Logo />
          </Link>
          <nav aria-label="Platform" className="flex gap-1">
            <Link
              href="/admin/models"
              aria-current="page"
              className="rounded-md px-2 py-1 text-ink-muted hover:bg-hover hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              Models
            </Link>
            {/* not a page of this app: a full load */}
            <a href="/admin/queues" className="rounded-md px-2 py-1 text-ink-muted hover:bg-hover hover:text-ink">
              Queues
            </a>
          </nav>
          <span className="ml-auto min-w-0 truncate text-xs text-ink-subtle max-sm:hidden">{user.email}</span>
        </div>
      </header>
      <main className="flex-1">{children}</main>
    </div>
  );
}
