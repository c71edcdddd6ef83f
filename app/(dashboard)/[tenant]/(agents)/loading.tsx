// Of this list alone: around the agents it would answer before they are known to exist, with a status that says they do.
import { ListSkeleton } from "@/components/list-skeleton";

export default () => <ListSkeleton rows={4} />;
