"use client";

import { usePathname } from "next/navigation";
import { Tab, Tabs } from "@/components/tabs";
import { Badge } from "@/components/ui/badge";

export function AgentTabs({
  base,
  playground,
  waiting,
}: {
  base: string;
  playground: boolean;
  /** Conversations that wait for a person. */
  waiting: number;
}) {
  const path = usePathname();
  return (
    <div className="mt-2">
      <Tabs label="Agent">
        <Tab href={base} current={path === base}>
          Overview
        </Tab>
        {playground && <Tab href={`${base}/playground`}>Playground</Tab>}
        <Tab href={`${base}/conversations`}>
          Conversations
          {waiting > 0 && (
            <Badge tone="warning">
              {waiting}
              <span className="sr-only"> waiting for a person</span>
            </Badge>
          )}
        </Tab>
        <Tab href={`${base}/gaps`}>Gaps</Tab>
        <Tab href={`${base}/leads`}>Leads</Tab>
        <Tab href={`${base}/sources`}>Sources</Tab>
        <Tab href={`${base}/evaluation`}>Evaluation</Tab>
        <Tab href={`${base}/engagement`}>Engagement</Tab>
        <Tab href={`${base}/appearance`}>Appearance</Tab>
        <Tab href={`${base}/install`}>Install</Tab>
        <Tab href={`${base}/security`}>Security</Tab>
        <Tab href={`${base}/settings`}>Settings</Tab>
      </Tabs>
    </div>
  );
}
