import { ExternalLink } from "lucide-react";
import { BackHeader, OutsideLink } from "@/components/back-header";
import { ExtractedText } from "@/components/extracted-text";
import { PageStatusBadge } from "@/components/status";
import { Tab, Tabs } from "@/components/tabs";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Fact, Facts } from "@/components/ui/facts";
import { Notice } from "@/components/ui/notice";
import { number } from "@/components/ui/number";
import { isOnTheWeb, pathOf } from "@/components/ui/path";
import { RelativeTime } from "@/components/ui/time";
import { listPassages } from "@/lib/agents";
import { isBeingRead, type PageContent, PageViewQuery } from "@/lib/agents/schema";
import { isCrawled } from "@/lib/crawl/schema";
import { roleAtLeast } from "@/lib/tenancy";
import { requirePage } from "../../../../../../data";
import { LiveRefresh } from "../../../../../../live.client";
import { RetryPage } from "../../retry.client";
import { PassageList } from "./passage-list";

type Props = PageProps<"/[tenant]/agents/[agentId]/sources/[sourceId]/pages/[pageId]">;

/** A megabyte of Markdown would hold the browser up; this is some 60 printed pages. */
const SHOWN_CHARACTERS = 200_000;

export async function generateMetadata({ params }: Props) {
  const { page } = await requirePage(params);
  return { title: page.title || page.url };
}

/** One page: what was read from it, as text and as the passages that answers are made of; or why it is not used. */
export default async function SourcePageView({ params, searchParams }: Props) {
  const { member, tenant, agent, source, page } = await requirePage(params);
  const raw = await searchParams;
  const view = PageViewQuery.parse({ as: raw.as, screen: raw.screen });
  const back = `/${tenant}/agents/${agent.id}/sources/${source.id}`;
  const base = `${back}/pages/${page.id}`;
  const isWeb = isOnTheWeb(page.url);
  const mayRetry = isCrawled(source.kind) && page.status === "failed" && roleAtLeast(member.role, "admin");
  return (
    <div className="page grid gap-5 py-5">
      <LiveRefresh active={isBeingRead(source)} sourceId={source.id} />
      <BackHeader
        back={back}
        backLabel={`Back to ${source.name}`}
        title={page.title || (isWeb ? pathOf(page.url) : "Without a title")}
        action={
          <>
            {mayRetry && <RetryPage tenant={tenant} sourceId={source.id} page={page} />}
            {isWeb && (
              <Button asChild>
                <a href={page.url} target="_blank" rel="noreferrer">
                  <ExternalLink />
                  <span className="max-sm:sr-only">{documentWords(page) ? "Open document" : "Open page"}</span>
                </a>
              </Button>
            )}
          </>
        }
      >
        {isWeb && <OutsideLink url={page.url} />}
        <span className="mt-1 lg:hidden">
          <PageStatusBadge status={page.status} />
        </span>
      </BackHeader>
      {page.reason && (
        <Notice
          kind={page.status === "failed" ? "danger" : "info"}
          title={page.status === "failed" ? "Why it failed" : "Why it is not used"}
        >
          {page.reason}
          {page.content && " Visitors are answered from what was read before."}
          {page.reasonCode && <code className="mt-1 block font-mono text-xs">{page.reasonCode}</code>}
        </Notice>
      )}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_280px]">
        <div className="grid min-w-0 gap-5">
          {page.content ? (
            <>
              <div className="border-b border-line">
                <Tabs label="How to show it">
                  <Tab href={base} current={view.as === "text"}>
                    As extracted
                  </Tab>
                  <Tab href={`${base}?as=passages`} current={view.as === "passages"}>
                    Passages
                    <span className="text-xs font-normal text-ink-muted">{number(page.chunkCount)}</span>
                  </Tab>
                </Tabs>
              </div>
              {view.as === "text" ? (
                <Text content={page.content} />
              ) : (
                <PassageList
                  page={page}
                  screen={view.screen}
                  base={base}
                  passages={
                    await listPassages(member.db, {
                      tenantId: member.tenantId,
                      versionId: page.content.versionId,
                      screen: view.screen,
                    })
                  }
                />
              )}
            </>
          ) : (
            <Empty title="Nothing is used from this page" className="py-10">
              {page.reason ? "The reason is above." : "It has not been read yet."}
            </Empty>
          )}
        </div>
        <aside aria-label="About this page">
          <About page={page} />
        </aside>
      </div>
    </div>
  );
}

/** What a document of the web is called; null for a page. */
const documentWords = ({ content }: PageContent): string | null => DOCUMENTS[content?.kind ?? ""] ?? null;

const DOCUMENTS: Record<string, string> = {
  pdf: "a PDF",
  docx: "a Word document",
  pptx: "a PowerPoint presentation",
  xlsx: "an Excel workbook",
  csv: "a CSV table",
};

/** What other texts are taken for, which decides what of them counts. */
const KINDS: Record<string, string> = {
  file: "An uploaded file",
  text: "A text",
  qa: "Questions and answers",
  article: "An article",
  docs: "Documentation",
  product: "A product",
  other: "A page of a company",
};

const Text = ({ content }: { content: NonNullable<PageContent["content"]> }) => (
  <>
    {content.notes.length > 0 && <Notice title="What was not read">{content.notes.join(" ")}</Notice>}
    <ExtractedText markdown={content.markdown.slice(0, SHOWN_CHARACTERS)} />
    {content.markdown.length > SHOWN_CHARACTERS && (
      <Notice>
        This is the beginning: {number(SHOWN_CHARACTERS)} of {number(content.markdown.length)} characters. The passages
        hold all of it.
      </Notice>
    )}
  </>
);

const Visit = ({ page }: { page: PageContent }) => (
  <>
    {page.content && (
      <Fact label="Read">
        {page.rendered ? "In a browser, with JavaScript" : `From ${documentWords(page) ?? "its HTML"}`}
      </Fact>
    )}
    <Fact label="HTTP status">{page.httpStatus ?? "No answer yet"}</Fact>
    <Fact label="Fetched">{page.fetchedAt ? <RelativeTime at={page.fetchedAt} /> : "Not yet"}</Fact>
    <Fact label="Clicks from the start">{number(page.depth)}</Fact>
  </>
);

const About = ({ page }: { page: PageContent }) => (
  <Facts>
    <Fact label="Status">
      <PageStatusBadge status={page.status} />
    </Fact>
    {isOnTheWeb(page.url) && <Visit page={page} />}
    <Fact label="Words">{number(page.wordCount)}</Fact>
    <Fact label="Passages">{number(page.chunkCount)}</Fact>
    {page.content?.kind && !documentWords(page) && (
      <Fact label="Read as">{KINDS[page.content.kind] ?? page.content.kind}</Fact>
    )}
    {page.content?.language && <Fact label="Language">{page.content.language}</Fact>}
    {page.content && (
      <Fact label="Text last changed">
        <RelativeTime at={page.content.readAt} />
      </Fact>
    )}
  </Facts>
);
