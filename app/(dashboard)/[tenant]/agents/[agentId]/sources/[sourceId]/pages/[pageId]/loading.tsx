import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingPage() {
  return (
    <Loading>
      <div className="page grid gap-5 py-5">
        <div className="grid gap-2 pl-8">
          <Skeleton className="h-5 w-72 max-w-full" />
          <Skeleton className="h-4 w-96 max-w-full" />
        </div>
        <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_280px]">
          <div className="grid content-start gap-3">
            {["w-1/3", "w-full", "w-full", "w-4/5", "w-full", "w-2/3"].map((width, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines that stand for nothing yet
              <Skeleton key={line} className={`h-4 ${width}`} />
            ))}
          </div>
          <Skeleton className="h-64 w-full" />
        </div>
      </div>
    </Loading>
  );
}
