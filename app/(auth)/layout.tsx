import Link from "next/link";
import { Logo } from "@/components/logo";

export default function AuthLayout({ children }: { children: React.ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] bg-surface px-6">
      <header className="flex h-16 items-center">
        <Link href="/" aria-label="AlonChat, start page" className="rounded-md">
          <Logo />
        </Link>
      </header>
      <main className="mx-auto w-full max-w-[340px] self-center py-10">{children}</main>
      <div className="h-16" />
    </div>
  );
}
