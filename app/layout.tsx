import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { Toaster } from "@/components/ui/toaster";
import { TooltipProvider } from "@/components/ui/tooltip";
import { env } from "@/lib/core/env";
import { inter, interExtended } from "./fonts";

export async function generateMetadata(): Promise<Metadata> {
  return {
    metadataBase: new URL(env().APP_URL),
    title: { default: "AlonChat: support answers from your own website", template: "%s · AlonChat" },
    description:
      "AlonChat reads your website and answers your visitors in a chat on your pages, with a link to the source of every answer.",
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0b0d" },
  ],
};

/** Reading the theme cookie makes every page dynamic, which the nonce in the security policy needs anyway. */
export default async function RootLayout({ children }: LayoutProps<"/">) {
  const theme = (await cookies()).get("theme")?.value;
  return (
    <html
      lang="en"
      data-theme={theme === "light" || theme === "dark" ? theme : "system"}
      className={`${inter.variable} ${interExtended.variable}`}
      suppressHydrationWarning
    >
      <body className="min-h-dvh font-sans">
        <TooltipProvider>{children}</TooltipProvider>
        <Toaster />
      </body>
    </html>
  );
}
