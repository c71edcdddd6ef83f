import { globSync } from "node:fs";
import type { APIRequestContext, Browser } from "@playwright/test";
import { newId } from "@/lib/core/ids";
import { expect, signUp, test } from "./stack";

/** `npm start` as it is: Node before Next, in one process. */

/** Who may ask each address of `app`: members of the workspace alone, or anybody, for the reason given. A new one has to be added here. */
const ROUTES: Record<string, "members" | { anybody: string }> = {
  "admin/queues/[[...path]]": { anybody: "goes to the sign-in page, and is not there for who runs no platform" },
  "api/attachments/[attachmentId]": "members",
  "api/conversations/[agentId]/export": "members",
  "api/evaluation/[runId]/results": "members",
  "api/files/[fileId]/[name]": { anybody: "leads to files that members have made public" },
  "api/leads/[agentId]/export": "members",
  "api/playground/[agentId]/messages": "members",
  "api/runs/[runId]": "members",
  "api/session/token": "members",
  "api/widget/v1/agents/[publicId]/[...path]": { anybody: "visitors, by the agent's domains and their own key" },
  "auth/callback": { anybody: "makes a session of a one-time code" },
  "chat/[publicId]": { anybody: "the page of an agent that is shared" },
  "embed/[publicId]": { anybody: "the same in a frame, on the agent's domains" },
  health: { anybody: "says that the process is alive" },
  "health/ready": { anybody: "says whether it can do its work, and nothing else" },
};
const OF_MEMBERS = Object.keys(ROUTES).filter((route) => ROUTES[route] === "members");

test("every address says who may ask it", () => {
  const found = globSync("app/**/route.ts").filter((file) => !file.includes("_server"));
  expect(found.map((file) => file.replace(/^app\/|\/route\.ts$/g, "")).sort()).toEqual(Object.keys(ROUTES).sort());
});

/** Asks an address about somebody's things, as its own page would or as told. */
function ask(request: APIRequestContext, appUrl: string, route: string, about: About, headers = {}) {
  const path = route.replace(/\[agentId\]/, about.agentId).replace(/\[\w+\]/g, about.agentId);
  const url = `${appUrl}/${path}?workspace=${about.slug}&tenantId=${about.tenantId}`;
  const isPost = route.includes("playground");
  const data = { conversationId: newId(), messageId: newId(), text: "What is the secret?" };
  return request.fetch(url, {
    method: isPost ? "POST" : "GET",
    headers: { "sec-fetch-site": "same-origin", ...headers },
    maxRedirects: 0,
    ...(isPost && { data }),
  });
}
interface About {
  slug: string;
  tenantId: string;
  agentId: string;
}

test("what is for members is told neither to strangers, nor to another page, nor to members of another workspace", async ({
  product,
  browser,
}) => {
  const { appUrl, owner } = product;
  const member = async (from: Browser, workspace: string) => {
    const context = await from.newContext();
    const email = `${workspace.toLowerCase()}@example.test`;
    await signUp(await context.newPage(), appUrl, { workspace, email, password: "correct horse battery" });
    return context;
  };
  const [own, other] = [await member(browser, "Doors"), await member(browser, "Windows")];
  const stranger = await browser.newContext();
  const { rows } = await owner.query(
    `insert into agents (tenant_id, name) select id, 'Secret agent' from tenants where slug = 'doors'
     returning id as "agentId", tenant_id as "tenantId"`,
  );
  const about: About = { slug: "doors", ...rows[0] };
  for (const route of OF_MEMBERS) {
    const status = async (who: typeof own, headers?: object) =>
      (await ask(who.request, appUrl, route, about, headers)).status();
    expect(await status(stranger), `${route}, a stranger`).toBe(401);
    expect(await status(own, { "sec-fetch-site": "cross-site" }), `${route}, another page`).toBe(403);
    expect(await status(own, { origin: "https://evil.test" }), `${route}, another origin`).toBe(403);
    // A session's own token is nobody else's matter, whatever is asked with it.
    if (route !== "api/session/token") expect(await status(other), `${route}, another member`).toBe(404);
  }
  for (const route of ["api/conversations/[agentId]/export", "api/leads/[agentId]/export"])
    expect((await ask(own.request, appUrl, route, about)).status(), `${route}, its own member`).toBe(200);
  for (const context of [own, other, stranger]) await context.close();
});

test("whoever answers, Node or Next, asks the database over the same few connections", async ({ product }) => {
  const { appUrl, owner } = product;
  const askBoth = Array.from({ length: 12 }, () => [
    fetch(`${appUrl}/api/widget/v1/agents/agt_nobody/config`),
    fetch(`${appUrl}/health/ready`),
  ]).flat();
  const statuses = new Set((await Promise.all(askBoth)).map(({ status }) => status));
  expect([...statuses].sort()).toEqual([200, 404]);
  const { rows } = await owner.query(
    "select count(*)::int as connections from pg_stat_activity where application_name = 'alonchat-web'",
  );
  // DATABASE_POOL_MAX, opened when the process starts.
  expect(rows).toEqual([{ connections: 4 }]);
});
