import { Loading, Skeleton } from "./ui/skeleton";

/** A page that is a title row over a table, before its data are there. */
export const ListSkeleton = ({ rows }: { rows: number }) => (
  <Loading>
    <div className="page grid gap-5 py-6">
      <div className="flex justify-between gap-4">
        <div className="grid min-w-0 gap-2">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="h-4 w-72 max-w-full" />
        </div>
        <Skeleton className="h-8 w-28 shrink-0" />
      </div>
      <div className="overflow-hidden rounded-lg border border-line">
        <div className="h-9 border-b border-line" />
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for nothing yet
          <div key={row} className="flex h-12 items-center gap-3 border-b border-line px-3 last:border-0">
            <Skeleton className="h-4 w-56 max-w-[45%]" />
            <Skeleton className="ml-auto h-5 w-20 rounded-full" />
          </div>
        ))}
      </div>
    </div>
  </Loading>
);
