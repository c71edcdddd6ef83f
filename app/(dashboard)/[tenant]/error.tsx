"use client";

import { useParams } from "next/navigation";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";

export default function DashboardError({ error, retry }: { error: unknown; retry: () => void }) {
  const { tenant } = useParams<{ tenant: string }>();
  return (
    <Failure
      error={error}
      retry={retry}
      action={
        <Button asChild>
          {/* a full load: the router's own state may be what is broken */}
          <a href={`/${tenant}`}>Go to agents</a>
        </Button>
      }
    />
  );
}
