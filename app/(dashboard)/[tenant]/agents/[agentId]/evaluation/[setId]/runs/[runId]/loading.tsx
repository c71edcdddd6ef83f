import { ListSkeleton } from "@/components/list-skeleton";

export default function LoadingRun() {
  return <ListSkeleton rows={8} />;
}
