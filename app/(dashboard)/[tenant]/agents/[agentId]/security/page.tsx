import { CodeBlock } from "@/components/code-block";
import { PageHeader } from "@/components/page-header";
import { getWidgetSettings, listIdentityKeys, tokensToday } from "@/lib/embed";
import { roleAtLeast } from "@/lib/tenancy";
import { requireAgent } from "../../../data";
import { IdentityKeys } from "./identity-keys.client";
import { ProtectionForm } from "./protection-form.client";

export const metadata = { title: "Security" };

const SERVER_CODE = `import { SignJWT } from "jose";

const key = new TextEncoder().encode(process.env.ALONCHAT_IDENTITY_KEY);
const token = await new SignJWT().setProtectedHeader({ alg: "HS256" })
  .setSubject(user.id).setExpirationTime("10m").sign(key);

// and in the page that you send
alonchat("identify", { token });`;

export default async function SecurityPage({ params }: PageProps<"/[tenant]/agents/[agentId]/security">) {
  const { member, tenant, agent } = await requireAgent(params);
  const of = { tenantId: member.tenantId, agentId: agent.id };
  const [settings, keys, tokens] = await Promise.all([
    getWidgetSettings(member.db, of),
    listIdentityKeys(member.db, of),
    tokensToday(member.db, of),
  ]);
  const mayEdit = roleAtLeast(member.role, "admin");
  return (
    <div className="page grid gap-8 py-6 *:max-w-[812px]">
      <PageHeader title="Security">
        {mayEdit
          ? "Who may ask, and how much their questions may cost."
          : `You may look but not change: your role is ${member.role}.`}
      </PageHeader>
      <section aria-labelledby="users" className="grid gap-4 *:min-w-0">
        <div className="grid gap-1">
          <h2 id="users" className="font-semibold">
            Signed-in users
          </h2>
          <p className="max-w-[68ch] text-ink-muted">
            When your server vouches for your users, their conversations follow them into any browser, and nobody can
            read them under another name. Sign a token on your server with a key of this agent, and hand it to the chat.
          </p>
        </div>
        {mayEdit && <IdentityKeys tenant={tenant} agentId={agent.id} keys={keys} />}
        <CodeBlock code={SERVER_CODE} />
      </section>
      <section aria-labelledby="protection" className="grid gap-4">
        <h2 id="protection" className="font-semibold">
          Protection
        </h2>
        <ProtectionForm tenant={tenant} agentId={agent.id} settings={settings} tokensToday={tokens} mayEdit={mayEdit} />
      </section>
    </div>
  );
}
