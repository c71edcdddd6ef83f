import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EmailDriver } from "@supabase/lite";
import { requestContext } from "./request-context";

/**
 * Mails of Auth (password reset, magic link) land as files in `<home>/mail`, newest last, in the form that mail programs open.
 *
 * lite builds links from the app's address and forgets where the request wanted to return to. Links here lead to the gateway,
 * as hosted's lead to the project; for clients of the PKCE flow, whose server cannot read what stands behind a `#`, they lead
 * straight to the app with `token_hash` and `type` for `verifyOtp`.
 */
export function fileMailer(
  dir: string,
  options: { siteUrl: string; apiUrl: () => string; log: (line: string) => void },
): EmailDriver {
  return {
    async send({ to, subject, text, html }) {
      const link = (found: string) => returnLink(found, options.siteUrl, options.apiUrl());
      const fix = (part: string | undefined) =>
        (part ?? "").replace(/https?:\/\/[^\s"'<>]+\/auth\/v1\/verify\?[^\s"'<>]+/g, link);
      await mkdir(dir, { recursive: true });
      const file = join(dir, `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.eml`);
      await writeFile(file, formatMail({ to, subject, text: fix(text), html: fix(html) }));
      options.log(`Mail "${subject}" was written to ${file}`);
    },
  };
}

function returnLink(found: string, siteUrl: string, apiUrl: string): string {
  const isEscaped = found.includes("&amp;");
  const { searchParams } = new URL(found.replaceAll("&amp;", "&"));
  const { redirectTo, isPkce } = requestContext() ?? { isPkce: false };
  const target = new URL(redirectTo && isOurs(redirectTo, siteUrl) ? redirectTo : siteUrl);
  const link = isPkce ? target : new URL("/auth/v1/verify", apiUrl);
  const token = searchParams.get("token") ?? "";
  link.searchParams.set(isPkce ? "token_hash" : "token", token);
  link.searchParams.set("type", searchParams.get("type") ?? "");
  if (!isPkce) link.searchParams.set("redirect_to", target.href);
  return isEscaped ? link.href.replaceAll("&", "&amp;") : link.href;
}

/** A mail must not be a way to send people elsewhere: only this machine and the app's own origin. */
function isOurs(address: string, siteUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  return (
    /^https?:$/.test(protocol) &&
    (["127.0.0.1", "localhost", "[::1]"].includes(hostname) || origin === new URL(siteUrl).origin)
  );
}

type Mail = { to: string; subject: string; text: string; html: string };

function formatMail({ to, subject, text, html }: Mail): string {
  const boundary = "part";
  const oneLine = (value: string) => value.replace(/[\r\n]+/g, " ");
  return [
    "From: AlonChat <local@alonchat.test>",
    `To: ${oneLine(to)}`,
    `Subject: ${oneLine(subject)}`,
    `Date: ${new Date().toUTCString()}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    text,
    `--${boundary}`,
    "Content-Type: text/html; charset=utf-8",
    "",
    html,
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

/** The newest mail to an address, for tests and for `status`. */
export async function lastMail(dir: string, to: string): Promise<string | undefined> {
  const files = await readdir(dir).catch(() => []);
  for (const file of files.sort().reverse()) {
    const mail = await readFile(join(dir, file), "utf8");
    if (mail.includes(`To: ${to}\r\n`)) return mail;
  }
  return undefined;
}
