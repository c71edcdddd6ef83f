"use client";

import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu";
import { plural } from "@/components/ui/number";

/** What the filters let through, as a file. */
export function ExportMenu({
  tenant,
  agentId,
  filters,
  total,
}: {
  tenant: string;
  agentId: string;
  filters: string;
  total: number;
}) {
  const href = (format: "csv" | "json") => {
    const params = new URLSearchParams(filters);
    params.delete("page");
    params.set("workspace", tenant);
    params.set("format", format);
    return `/api/conversations/${agentId}/export?${params}`;
  };
  return (
    <Menu
      align="end"
      trigger={
        <Button variant="ghost" size="sm">
          <Download />
          Export
        </Button>
      }
    >
      <MenuLabel>{plural(total, "conversation")}, every message</MenuLabel>
      {(["csv", "json"] as const).map((format) => (
        <MenuItem key={format} asChild>
          <a href={href(format)} download>
            {format === "csv" ? "CSV, for spreadsheets" : "JSON"}
          </a>
        </MenuItem>
      ))}
    </Menu>
  );
}
