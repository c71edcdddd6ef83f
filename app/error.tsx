"use client";

import { Failure } from "@/components/failure";

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main>
      <Failure error={error} retry={retry} />
    </main>
  );
}
