import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingAgent() {
  return (
    <Loading>
      <div className="page py-6">
        <div className="grid max-w-[860px] gap-8">
          {[132, 72, 76].map((height) => (
            <div key={height} className="grid grid-cols-[24px_1fr] gap-x-3.5">
              <Skeleton className="size-6 rounded-full" />
              <div className="grid gap-3">
                <Skeleton className="h-6 w-40" />
                <div className="rounded-lg border border-line p-4" style={{ height }}>
                  <Skeleton className="h-4 w-1/3" />
                  <Skeleton className="mt-3 h-1.5 w-full rounded-full" />
                </div>
              </div>
            </div>
          ))}
        </div>
      </div>
    </Loading>
  );
}
