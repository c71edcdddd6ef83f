import { ListSkeleton } from "@/components/list-skeleton";

export default function GapsLoading() {
  return <ListSkeleton rows={5} />;
}
