import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingAgents() {
  return (
    <Loading>
      <div className="page grid gap-5 py-6">
        <div className="flex justify-between">
          <div className="grid gap-2">
            <Skeleton className="h-5 w-24" />
            <Skeleton className="h-4 w-72 max-w-full" />
          </div>
          <Skeleton className="h-8 w-28" />
        </div>
        <div className="overflow-hidden rounded-lg border border-line">
          <div className="h-9 border-b border-line" />
          {[0, 1, 2, 3].map((row) => (
            <div key={row} className="flex h-11 items-center gap-3 border-b border-line px-3 last:border-0">
              <Skeleton className="size-7" />
              <Skeleton className="h-4 w-48 max-w-[40%]" />
              <Skeleton className="ml-auto h-5 w-20 rounded-full" />
            </div>
          ))}
        </div>
      </div>
    </Loading>
  );
}
