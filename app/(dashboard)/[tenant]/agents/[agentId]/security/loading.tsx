import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingSecurity() {
  return (
    <Loading>
      <div className="page grid gap-8 py-6 *:max-w-[812px]">
        <Skeleton className="h-5 w-24" />
        <div className="grid gap-3">
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-20 w-full rounded-lg" />
        </div>
        <div className="grid gap-3">
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-32 w-full rounded-lg" />
        </div>
      </div>
    </Loading>
  );
}
