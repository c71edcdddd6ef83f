"use client";

import { Square } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useAction } from "@/components/use-action";
import { cancelRun } from "../../../actions";

export function StopRun({ tenant, runId }: { tenant: string; runId: string }) {
  const stop = useAction(cancelRun);
  return (
    <>
      <Button size="sm" pending={stop.pending} onClick={() => stop.submit(tenant, { runId })}>
        {!stop.pending && <Square />}
        Stop
      </Button>
      {stop.failure && (
        <p role="alert" className="text-xs text-danger">
          {stop.failure.message}
        </p>
      )}
    </>
  );
}
