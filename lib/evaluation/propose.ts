import { AppError } from "@/lib/core/errors";
import { type Members, readError } from "./deps";
import { listQuestions } from "./questions";
import type { TestQuestion } from "./schema";

const MAX_PROPOSALS = 50;
const READ_CHUNKS = 1_000;
const READ_MESSAGES = 500;
const PER_PAGE = 2;
/** Shorter headings ("FAQ", "More") ask for nothing, longer ones are sentences. */
const HEADING_CHARACTERS = { min: 4, max: 120 };

type Ref = { tenantId: string; agentId: string; setId: string };

/**
 * Questions that the agent's own knowledge answers: a heading or written question as it stands when it is one, else "Page: heading", each with
 * its page as the expected source. Written questions first, titles of whole pages last, spread over the pages; always the same for the same knowledge.
 */
export async function proposeFromKnowledge(members: Members, ref: Ref): Promise<TestQuestion[]> {
  const { data, error } = await members
    .from("chunks")
    .select("heading_path, kind, page_id, pages!inner(url, title)")
    .eq("tenant_id", ref.tenantId)
    .eq("agent_id", ref.agentId)
    .eq("published", true)
    .order("page_id")
    .order("position")
    .limit(READ_CHUNKS);
  if (error) throw readError(error);
  const byPage = new Map<string, Proposal[]>();
  for (const { heading_path: path, page_id: pageId, pages: page } of data) {
    const proposals = byPage.get(pageId) ?? [];
    const proposal = askedBy(path, page.title ?? "");
    if (!proposal || proposals.some(({ question }) => question === proposal.question)) continue;
    const source = /^https?:/.test(page.url) ? page.url : (page.title ?? "");
    if (source !== "")
      byPage.set(pageId, [...proposals, { ...bare(proposal.question), ...proposal, expectedSources: [source] }]);
  }
  const best = (proposals: Proposal[]) => proposals.toSorted((a, b) => a.rank - b.rank);
  const pages = [...byPage.values()].map((of) => best(of).slice(0, PER_PAGE));
  // The first of each page before the second of any: a set that knows one page well tests little.
  const spread = Array.from({ length: PER_PAGE }, (_, turn) => pages.flatMap((of) => of[turn] ?? [])).flat();
  return unknown(
    members,
    ref,
    best(spread).map(({ rank: _rank, ...question }) => question),
  );
}

/** `rank` 0: a written question · 1: a part of a page · 2: a page's own title, which asks for the page more than for anything on it */
type Proposal = TestQuestion & { rank: number };

function askedBy(path: string[], title: string): Pick<Proposal, "question" | "rank"> | null {
  const heading = path.at(-1)?.replace(/\s+/g, " ").trim() ?? "";
  if (heading.length < HEADING_CHARACTERS.min || heading.length > HEADING_CHARACTERS.max) return null;
  if (/[?？؟]$/.test(heading)) return { question: heading, rank: 0 };
  const about = (path.length > 1 ? (path.at(-2) ?? "") : title).trim();
  return about === "" || about === heading
    ? { question: heading, rank: 2 }
    : { question: `${about}: ${heading}`, rank: 1 };
}

/**
 * What visitors asked, newest first, each once. What was answered expects the pages that were cited; what was not expects nothing, and the
 * member says whether it should have been.
 */
export async function proposeFromConversations(members: Members, ref: Ref): Promise<TestQuestion[]> {
  const { data, error } = await members
    .from("messages")
    .select("id, content, conversations!inner(agent_id)")
    .eq("tenant_id", ref.tenantId)
    .eq("conversations.agent_id", ref.agentId)
    .eq("role", "visitor")
    .order("created_at", { ascending: false })
    .limit(READ_MESSAGES);
  if (error) throw readError(error);
  const asked = new Map<string, string>();
  for (const { id, content } of data) {
    const question = content.replace(/\s+/g, " ").trim();
    if (question !== "" && question.length <= 2_000 && !asked.has(question)) asked.set(question, id);
  }
  const some = (await unknown(members, ref, [...asked.keys()].map(bare))).map(({ question }) => question);
  const sources = await sourcesCited(
    members,
    ref.tenantId,
    some.map((question) => asked.get(question)!),
  );
  return some.map((question) => ({ ...bare(question), expectedSources: sources.get(asked.get(question)!) ?? [] }));
}

const bare = (question: string): TestQuestion => ({
  question,
  expectedFacts: [],
  expectedSources: [],
  mustRefuse: false,
});

/** The pages that the answers to these questions cited, by the question's id. */
async function sourcesCited(members: Members, tenantId: string, questionIds: string[]): Promise<Map<string, string[]>> {
  if (questionIds.length === 0) return new Map();
  const { data, error } = await members
    .from("messages")
    .select("question_id, citations(url, title, number)")
    .eq("tenant_id", tenantId)
    .eq("status", "complete")
    .in("question_id", questionIds);
  if (error) throw readError(error);
  return new Map(
    data.map(({ question_id: id, citations }) => [
      id ?? "",
      [
        ...new Set(
          citations
            .toSorted((a, b) => a.number - b.number)
            .map(({ url, title }) => url?.split("#")[0] || title)
            .filter((source) => source !== ""),
        ),
      ].slice(0, 5),
    ]),
  );
}

async function unknown(members: Members, { tenantId, setId }: Ref, proposals: TestQuestion[]): Promise<TestQuestion[]> {
  const known = new Set((await listQuestions(members, { tenantId, setId })).map(({ question }) => question));
  const fresh = proposals.filter(({ question }) => !known.has(question) && known.add(question));
  if (fresh.length === 0)
    throw new AppError(
      "not_found",
      "There is nothing new to propose: the set has these questions already, or there are none yet.",
    );
  return fresh.slice(0, MAX_PROPOSALS);
}
