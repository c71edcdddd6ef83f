"use client";

import { usePathname } from "next/navigation";
import { Tab, Tabs } from "@/components/tabs";

export function AgentTabs({ base, playground }: { base: string; playground: boolean }) {
  const path = usePathname();
  return (
    <div className="mt-2">
      <Tabs label="Agent">
        <Tab href={base} current={path === base}>
          Overview
        </Tab>
        {playground && <Tab href={`${base}/playground`}>Playground</Tab>}
        <Tab href={`${base}/conversations`}>Conversations</Tab>
        <Tab href={`${base}/gaps`}>Gaps</Tab>
        <Tab href={`${base}/sources`}>Sources</Tab>
        <Tab href={`${base}/evaluation`}>Evaluation</Tab>
        <Tab href={`${base}/install`}>Install</Tab>
        <Tab href={`${base}/settings`}>Settings</Tab>
      </Tabs>
    </div>
  );
}
