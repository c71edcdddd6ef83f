import { ListSkeleton } from "@/components/list-skeleton";

export default function LoadingModels() {
  return <ListSkeleton rows={12} />;
}
