import { type AgentVersion, versionName } from "@/lib/agents/schema";
import { type Members, readError } from "./deps";
import type { Gate } from "./schema";

/**
 * Whether a version may be published: every set of the agent that has a minimum pass rate must have a completed run of these settings that
 * reaches it. A run of other settings proves nothing about these, so it does not count. Passing means in every repeat.
 * Publishing asks the same function in its transaction (`agent_version_rules`): this is for saying so before.
 */
export async function gateFor(
  members: Members,
  {
    tenantId,
    agentId,
    version,
  }: { tenantId: string; agentId: string; version: Pick<AgentVersion, "number" | "settings"> },
): Promise<Gate> {
  const { data, error } = await members.rpc("publish_gate", {
    p_tenant_id: tenantId,
    p_agent_id: agentId,
    p_settings: version.settings,
  });
  if (error) throw readError(error);
  const conditions = data.map((row) => ({
    setId: row.set_id,
    name: row.name,
    minPassRate: row.min_pass_rate,
    passRate: row.pass_rate,
    runId: row.run_id,
  }));
  return judge(conditions, version);
}

function judge(sets: Gate["sets"], version: Pick<AgentVersion, "number">): Gate {
  if (sets.length === 0) return { state: "none", message: "", sets };
  const failed = sets.filter(({ passRate, minPassRate }) => passRate !== null && passRate < minPassRate);
  const untested = sets.filter(({ passRate }) => passRate === null);
  if (failed.length > 0)
    return {
      state: "failed",
      message: failed
        .map(
          ({ name, passRate, minPassRate }) =>
            `“${name}” passes ${percent(passRate!)}, and ${percent(minPassRate)} are required.`,
        )
        .join(" "),
      sets,
    };
  if (untested.length > 0)
    return {
      state: "untested",
      message: `Run ${untested.map(({ name }) => `“${name}”`).join(", ")} on ${version.number === null ? "the draft" : versionName(version).toLowerCase()}.`,
      sets,
    };
  return { state: "passed", message: "", sets };
}

/** Rounded down, so that 79.6 % does not read as the 80 % that are required. */
const percent = (share: number): string => `${Math.floor(share * 1000 + 1e-6) / 10}%`;
