import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function ConversationsLoading() {
  return (
    <Loading>
      <div className="grid w-full lg:grid-cols-[minmax(340px,400px)_minmax(0,1fr)]">
        <div className="grid content-start border-line lg:border-r">
          <div className="grid gap-2.5 border-b border-line px-4 py-3">
            <Skeleton className="h-6 w-32" />
            <Skeleton className="h-8 w-full max-w-72" />
            <Skeleton className="h-7 w-20" />
          </div>
          {Array.from({ length: 7 }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for nothing yet
            <div key={row} className="grid gap-2 border-b border-line px-4 py-3">
              <Skeleton className="h-4 w-4/5" />
              <Skeleton className="h-3 w-2/5" />
              <Skeleton className="h-4 w-24 rounded-full" />
            </div>
          ))}
        </div>
      </div>
    </Loading>
  );
}
