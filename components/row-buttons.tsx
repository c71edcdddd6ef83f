import { Pencil, Trash2 } from "lucide-react";
import { Button } from "./ui/button";

/** What may be done with a row of a list. @param of what the row is called, for who does not see where the buttons stand */
export const RowButtons = ({ of, onEdit, onDelete }: { of: string; onEdit: () => void; onDelete: () => void }) => (
  <>
    <Button variant="ghost" size="icon-sm" aria-label={`Edit “${of}”`} onClick={onEdit}>
      <Pencil />
    </Button>
    <Button variant="ghost" size="icon-sm" aria-label={`Delete “${of}”`} onClick={onDelete}>
      <Trash2 />
    </Button>
  </>
);
