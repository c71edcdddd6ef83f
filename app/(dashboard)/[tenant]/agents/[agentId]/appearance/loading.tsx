import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function LoadingAppearance() {
  return (
    <Loading>
      <div className="page grid gap-8 py-6 lg:grid-cols-[minmax(0,560px)_minmax(0,1fr)]">
        <div className="grid content-start gap-6">
          <Skeleton className="h-5 w-28" />
          {["name", "colour", "theme", "position", "picture"].map((field) => (
            <div key={field} className="grid gap-2">
              <Skeleton className="h-4 w-24" />
              <Skeleton className="h-8 w-full max-w-80" />
            </div>
          ))}
        </div>
        <Skeleton className="h-[520px] w-full max-w-[480px] rounded-lg max-lg:hidden" />
      </div>
    </Loading>
  );
}
