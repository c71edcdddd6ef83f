import { ListSkeleton } from "@/components/list-skeleton";

export default function LoadingVersions() {
  return <ListSkeleton rows={4} />;
}
