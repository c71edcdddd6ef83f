import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingPlayground() {
  return (
    <Loading>
      <div className="flex h-[calc(100dvh-136px)] md:h-[calc(100dvh-88px)]">
        <div className="mx-auto flex w-full max-w-[720px] flex-1 flex-col gap-3 px-6 py-12">
          <Skeleton className="h-5 w-72 max-w-full" />
          <Skeleton className="h-4 w-96 max-w-full" />
          <Skeleton className="mt-auto h-22 w-full rounded-lg" />
        </div>
        <div className="hidden w-[380px] border-l border-line p-5 lg:block">
          <Skeleton className="h-5 w-52" />
          <Skeleton className="mt-6 h-4 w-full" />
        </div>
      </div>
    </Loading>
  );
}
