import { ListSkeleton } from "@/components/list-skeleton";

export default function LoadingSet() {
  return <ListSkeleton rows={8} />;
}
