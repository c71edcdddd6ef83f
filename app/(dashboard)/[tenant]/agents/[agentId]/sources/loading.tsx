import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingList() {
  return (
    <Loading>
      <div className="page grid gap-5 py-6">
        <div className="grid gap-2">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="h-4 w-72 max-w-full" />
        </div>
        <div className="overflow-hidden rounded-lg border border-line">
          <div className="h-9 border-b border-line" />
          {[0, 1, 2].map((row) => (
            <div key={row} className="flex h-12 items-center gap-3 border-b border-line px-3 last:border-0">
              <Skeleton className="h-4 w-56 max-w-[45%]" />
              <Skeleton className="ml-auto h-5 w-20 rounded-full" />
            </div>
          ))}
        </div>
      </div>
    </Loading>
  );
}
