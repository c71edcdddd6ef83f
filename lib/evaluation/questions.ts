import { AppError } from "@/lib/core/errors";
import { type Members, readError, writeError } from "./deps";
import { MAX_QUESTIONS, Origin, type StoredQuestion, type TestQuestion } from "./schema";

const TAKEN = "This set has this question already. Change that one instead.";
const GONE = "This question no longer exists, or your role may not change it.";
const AT_ONCE = 500;
const PAGE = 1_000;

/** The questions of a set, in the order in which they were added. */
export async function listQuestions(
  members: Members,
  { tenantId, setId }: { tenantId: string; setId: string },
): Promise<StoredQuestion[]> {
  const found: StoredQuestion[] = [];
  for (;;) {
    const { data, error } = await members
      .from("eval_questions")
      .select("id, question, expected_facts, expected_sources, must_refuse, origin")
      .eq("tenant_id", tenantId)
      .eq("set_id", setId)
      .order("number")
      .range(found.length, found.length + PAGE - 1);
    if (error) throw readError(error);
    for (const row of data)
      found.push({
        id: row.id,
        question: row.question,
        expectedFacts: row.expected_facts,
        expectedSources: row.expected_sources,
        mustRefuse: row.must_refuse,
        origin: Origin.parse(row.origin),
      });
    if (data.length < PAGE) return found;
  }
}

/** Adds questions; those that the set has already, or that come twice, are left out and counted. @throws AppError bad_request, forbidden, not_found */
export async function addQuestions(
  members: Members,
  {
    tenantId,
    setId,
    questions,
    origin,
  }: { tenantId: string; setId: string; questions: TestQuestion[]; origin: Origin },
): Promise<{ added: number; duplicates: number }> {
  if (questions.length === 0) throw new AppError("bad_request", "There is no question to add.");
  const known = new Set((await listQuestions(members, { tenantId, setId })).map(({ question }) => question));
  const before = known.size;
  const fresh = questions.filter(({ question }) => !known.has(question) && known.add(question));
  if (before + fresh.length > MAX_QUESTIONS)
    throw new AppError(
      "bad_request",
      `A set holds at most ${MAX_QUESTIONS.toLocaleString("en")} questions; with these it would hold ${(before + fresh.length).toLocaleString("en")}. Add the others to a new set.`,
    );
  for (let i = 0; i < fresh.length; i += AT_ONCE) {
    const { error } = await members.from("eval_questions").insert(
      fresh.slice(i, i + AT_ONCE).map((question) => ({
        tenant_id: tenantId,
        set_id: setId,
        origin,
        ...columnsOf(question),
      })),
    );
    if (error) throw writeError(error, TAKEN);
  }
  return { added: fresh.length, duplicates: questions.length - fresh.length };
}

/** @throws AppError not_found, forbidden, conflict */
export async function updateQuestion(
  members: Members,
  { tenantId, questionId, question }: { tenantId: string; questionId: string; question: TestQuestion },
): Promise<void> {
  const { data, error } = await members
    .from("eval_questions")
    .update(columnsOf(question))
    .eq("tenant_id", tenantId)
    .eq("id", questionId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error, TAKEN);
  if (!data) throw new AppError("not_found", GONE);
}

/** Runs keep the question as they asked it. @throws AppError not_found, forbidden */
export async function deleteQuestion(
  members: Members,
  { tenantId, questionId }: { tenantId: string; questionId: string },
): Promise<void> {
  const { data, error } = await members
    .from("eval_questions")
    .delete()
    .eq("tenant_id", tenantId)
    .eq("id", questionId)
    .select("id")
    .maybeSingle();
  if (error) throw writeError(error);
  if (!data) throw new AppError("not_found", GONE);
}

const columnsOf = ({ question, expectedFacts, expectedSources, mustRefuse }: TestQuestion) => ({
  question,
  expected_facts: expectedFacts,
  expected_sources: expectedSources,
  must_refuse: mustRefuse,
});
