import { ListSkeleton } from "@/components/list-skeleton";

export default function LoadingComparison() {
  return <ListSkeleton rows={8} />;
}
