import { BackHeader, OutsideLink } from "@/components/back-header";
import { Tab, Tabs } from "@/components/tabs";
import { isBeingRead, type Source } from "@/lib/agents/schema";
import { isCrawled } from "@/lib/crawl/schema";
import { LiveRefresh } from "../../../../live.client";
import { SourceMenu } from "./source-menu.client";

/** What the views of a source have in common: what it is, what can be done with it, and the ways to the views. */
export function SourceHead({
  tenant,
  source,
  mayEdit,
  list,
  view,
}: {
  tenant: string;
  source: Source;
  mayEdit: boolean;
  /** The list of sources. */
  list: string;
  view: "pages" | "settings" | "content";
}) {
  const base = `${list}/${source.id}`;
  return (
    <>
      <LiveRefresh active={isBeingRead(source)} sourceId={source.id} />
      <BackHeader
        back={list}
        backLabel="Back to sources"
        title={source.name}
        action={<SourceMenu tenant={tenant} source={source} mayEdit={mayEdit} back={list} />}
      >
        {source.url && <OutsideLink url={source.url} />}
      </BackHeader>
      <div className="border-b border-line">
        <Tabs label="Source">
          <Tab href={base} current={view === "pages"}>
            {isCrawled(source.kind) ? "Pages" : "What was read"}
          </Tab>
          {isCrawled(source.kind) ? (
            <Tab href={`${base}/settings`} current={view === "settings"}>
              Settings
            </Tab>
          ) : (
            <Tab href={`${base}/content`} current={view === "content"}>
              Contents
            </Tab>
          )}
        </Tabs>
      </div>
    </>
  );
}
