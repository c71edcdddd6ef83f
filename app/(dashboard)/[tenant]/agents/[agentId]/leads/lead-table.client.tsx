"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import type { Lead, LeadField } from "@/lib/leads/schema";
import { deleteLead } from "./actions";

/** A column a field of the form; what earlier forms asked for stands in the last one. */
export function LeadTable({
  tenant,
  base,
  leads,
  fields,
  mayDelete,
}: {
  tenant: string;
  base: string;
  leads: Lead[];
  fields: LeadField[];
  mayDelete: boolean;
}) {
  const [deleting, setDeleting] = useState<Lead | null>(null);
  const known = new Set(fields.map(({ key }) => key));
  const rest = (lead: Lead) => Object.entries(lead.values ?? {}).filter(([key]) => !known.has(key));
  const hasRest = leads.some((lead) => rest(lead).length > 0);
  return (
    <>
      <Table label="Leads">
        <Thead>
          {fields.map(({ key, label }) => (
            <Th key={key}>
              <bdi>{label}</bdi>
            </Th>
          ))}
          {hasRest && <Th>Earlier forms</Th>}
          <Th>Left</Th>
          <Th quiet>Actions</Th>
        </Thead>
        <tbody>
          {leads.map((lead) => (
            <Tr key={lead.conversationId}>
              {lead.values ? (
                <>
                  {fields.map((field) => (
                    <Td key={field.key} className="max-w-72 break-words">
                      <Value field={field} value={lead.values?.[field.key]} />
                    </Td>
                  ))}
                  {hasRest && (
                    <Td className="max-w-72 text-ink-muted break-words">
                      {rest(lead).map(([key, value]) => (
                        <div key={key}>
                          {key}: <bdi>{value}</bdi>
                        </div>
                      ))}
                    </Td>
                  )}
                </>
              ) : (
                <Td colSpan={fields.length + Number(hasRest)} className="text-danger">
                  Cannot be decrypted: its key is not among FIELD_ENCRYPTION_KEYS, or the row was changed.
                </Td>
              )}
              <Td className="whitespace-nowrap text-ink-muted">
                <span title={`Agreed to: ${lead.consentText}`}>
                  <RelativeTime at={lead.createdAt} />
                </span>
              </Td>
              <Td className="text-right whitespace-nowrap">
                <Button asChild size="sm" variant="ghost">
                  <Link href={`${base}/conversations/${lead.conversationId}`}>Conversation</Link>
                </Button>
                {mayDelete && (
                  <Button
                    size="icon-sm"
                    variant="ghost"
                    aria-label="Delete this lead"
                    onClick={() => setDeleting(lead)}
                  >
                    <Trash2 />
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <ConfirmDelete
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        kind="lead"
        name={Object.values(deleting?.values ?? {})[0] ?? "without a name"}
        consequences="The contact details and the consent go; the conversation stays. It cannot be undone."
        run={() => deleteLead(tenant, { conversationId: deleting?.conversationId ?? "" })}
        onDone={() => {
          setDeleting(null);
          toast.success("Lead deleted");
        }}
      />
    </>
  );
}

function Value({ field, value }: { field: LeadField; value: string | undefined }) {
  if (!value) return <span className="text-ink-subtle">–</span>;
  if (field.type === "email")
    return (
      <a href={`mailto:${value}`} className="text-accent-ink underline-offset-4 hover:underline">
        {value}
      </a>
    );
  return <bdi>{value}</bdi>;
}
