import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingSettings() {
  return (
    <Loading>
      <div className="page grid gap-6 py-6">
        <Skeleton className="h-5 w-24" />
        <div className="grid gap-8 lg:grid-cols-[minmax(0,640px)_minmax(0,1fr)]">
          <div className="grid content-start gap-6">
            {[0, 1, 2, 3].map((field) => (
              <div key={field} className="grid gap-2">
                <Skeleton className="h-4 w-28" />
                <Skeleton className="h-8 w-full" />
              </div>
            ))}
          </div>
          <Skeleton className="mx-auto h-[520px] w-full max-w-[360px] rounded-lg max-lg:hidden" />
        </div>
      </div>
    </Loading>
  );
}
