import { expect, test } from "vitest";
import { contentSecurityPolicy, securityHeaders } from "./security-headers";

const page = { path: "/acme", nonce: "abc", supabaseUrl: "https://x.supabase.co", https: true, development: false };
const directive = (policy: string, name: string) =>
  policy.split("; ").find((part) => part === name || part.startsWith(`${name} `));

test("scripts run by nonce only", () => {
  expect(directive(contentSecurityPolicy(page), "script-src")).toBe("script-src 'self' 'nonce-abc' 'strict-dynamic'");
});

test("eval is for the development server alone", () => {
  expect(contentSecurityPolicy(page)).not.toContain("unsafe-eval");
  expect(contentSecurityPolicy({ ...page, development: true })).toContain("'unsafe-eval'");
});

test("the browser may talk to us and to Supabase, by HTTP and socket, and to nobody else", () => {
  expect(directive(contentSecurityPolicy(page), "connect-src")).toBe(
    "connect-src 'self' https://x.supabase.co wss://x.supabase.co",
  );
  const local = contentSecurityPolicy({ ...page, supabaseUrl: "http://127.0.0.1:54321", https: false });
  expect(directive(local, "connect-src")).toBe("connect-src 'self' http://127.0.0.1:54321 ws://127.0.0.1:54321");
});

test("nobody may frame a page, and neither frames nor images come from elsewhere", () => {
  const policy = contentSecurityPolicy(page);
  expect(directive(policy, "frame-src")).toBe("frame-src 'self'");
  expect(directive(policy, "frame-ancestors")).toBe("frame-ancestors 'none'");
  expect(directive(policy, "img-src")).toBe("img-src 'self' data: blob:");
});

test("the queues page may run its own files, and nothing inline", () => {
  const policy = contentSecurityPolicy({ ...page, path: "/admin/queues" });
  expect(directive(policy, "script-src")).toBe("script-src 'self'");
  const beside = contentSecurityPolicy({ ...page, path: "/admin/queues-and-more" });
  expect(directive(beside, "script-src")).toContain("'nonce-");
  expect(directive(contentSecurityPolicy({ ...page, path: "/admin/models" }), "script-src")).toContain("'nonce-");
});

test("only https promises https", () => {
  expect(securityHeaders(page)).toHaveProperty("strict-transport-security");
  expect(securityHeaders({ ...page, https: false })).not.toHaveProperty("strict-transport-security");
  expect(contentSecurityPolicy({ ...page, https: false })).not.toContain("upgrade-insecure-requests");
});
