import { ListSkeleton } from "@/components/list-skeleton";

export default function LoadingEvaluation() {
  return <ListSkeleton rows={4} />;
}
