"use client";

import "./globals.css";
import { Failure } from "@/components/failure";

/** The root layout itself failed, so this page brings its own document. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en" data-theme="system">
      <body className="min-h-dvh font-sans">
        <main>
          <Failure error={error} retry={retry} />
        </main>
      </body>
    </html>
  );
}
