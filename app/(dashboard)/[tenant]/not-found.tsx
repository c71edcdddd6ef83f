import Link from "next/link";
import { Button } from "@/components/ui/button";

/** Inside a workspace something is not there: the frame stays. */
export default function NotFound() {
  return (
    <div className="mx-auto grid max-w-md gap-4 px-6 py-24">
      <title>Not found · AlonChat</title>
      <div className="grid gap-1">
        <h1 className="text-lg font-semibold">This is not here</h1>
        <p className="text-sm text-ink-muted">It may have been deleted, or it belongs to another workspace.</p>
      </div>
      <div>
        <Button asChild variant="primary">
          <Link href="/home">Go to agents</Link>
        </Button>
      </div>
    </div>
  );
}
