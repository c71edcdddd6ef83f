import { z } from "zod";
import { type Members, readError } from "./deps";
import { type Gate, Summary } from "./schema";

/** What a run answers with, as far as its members set it. */
const Answering = z.object({
  name: z.string(),
  instructions: z.string(),
  language: z.string(),
  fallbackMessage: z.string(),
  confidenceThreshold: z.number(),
});

/**
 * Whether an agent may be published: every set that has a minimum pass rate must have a completed run, of the agent as it is now, that reaches
 * it. A run of other settings proves nothing about these, so it does not count. Passing means in every repeat.
 */
export async function gateFor(
  members: Members,
  { tenantId, agentId }: { tenantId: string; agentId: string },
): Promise<Gate> {
  const [sets, agent] = await Promise.all([
    members
      .from("eval_sets")
      .select("id, name, min_pass_rate, eval_runs(id, config, summary)")
      .eq("tenant_id", tenantId)
      .eq("agent_id", agentId)
      .not("min_pass_rate", "is", null)
      .eq("eval_runs.status", "completed")
      .order("name")
      .order("created_at", { referencedTable: "eval_runs", ascending: false })
      .limit(1, { referencedTable: "eval_runs" }),
    members
      .from("agents")
      .select(
        "name, instructions, language, fallbackMessage:fallback_message, confidenceThreshold:confidence_threshold",
      )
      .eq("tenant_id", tenantId)
      .eq("id", agentId)
      .maybeSingle(),
  ]);
  if (sets.error) throw readError(sets.error);
  if (agent.error) throw readError(agent.error);
  const current = JSON.stringify(agent.data && Answering.parse(agent.data));
  const conditions = sets.data.map((set) => {
    const run = set.eval_runs[0];
    const tested = run && JSON.stringify(Answering.parse(run.config)) === current;
    return {
      setId: set.id,
      name: set.name,
      minPassRate: set.min_pass_rate!,
      passRate: tested ? Summary.parse(run.summary).passAll : null,
      runId: tested ? run.id : null,
    };
  });
  return judge(conditions);
}

function judge(sets: Gate["sets"]): Gate {
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
      message: `Run ${untested.map(({ name }) => `“${name}”`).join(", ")} with the agent as it is now.`,
      sets,
    };
  return { state: "passed", message: "", sets };
}

/** Rounded down, so that 79.6 % does not read as the 80 % that are required. */
const percent = (share: number): string => `${Math.floor(share * 1000 + 1e-6) / 10}%`;
