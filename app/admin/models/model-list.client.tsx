"use client";

import { MoreHorizontal, Pencil, Plus, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { PageHeader } from "@/components/page-header";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ConfirmDelete } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { compactNumber, number } from "@/components/ui/number";
import { Table, Td, Th, Thead, Tr } from "@/components/ui/table";
import { RelativeTime } from "@/components/ui/time";
import { useAction } from "@/components/use-action";
import {
  dollars,
  MODEL_KINDS,
  type Model,
  type ModelKind,
  modelName,
  PROVIDER_LABELS,
  type Provider,
} from "@/lib/models/schema";
import { changeModel, removeModel } from "./actions";
import { describeLongPrompt, TIER_LABELS } from "./describe-model";
import { ModelDialog } from "./model-dialog.client";

const SECTIONS: Record<ModelKind, { title: string; purpose: string }> = {
  chat: {
    title: "Chat",
    purpose: "They write answers, rewrite questions and judge. The first of a size is what that size means.",
  },
  embedding: { title: "Embedding", purpose: "They turn passages and questions into vectors." },
  rerank: { title: "Reranking", purpose: "Servers that put found passages in order once more." },
};

export function ModelList({
  models,
  own,
  withoutKey,
}: {
  models: Model[];
  /** `provider/model` of those that this installation uses where nobody chose. */
  own: string[];
  withoutKey: Provider[];
}) {
  const [editing, setEditing] = useState<Model | "new" | null>(null);
  const [removing, setRemoving] = useState<Model | null>(null);
  const switching = useAction(changeModel, {
    onFailure: ({ message }) => toast.error(message),
  });
  const setOffered = (model: Model, enabled: boolean) => {
    const { updatedAt: seen, updatedBy: _by, ...facts } = model;
    switching.submit({ ...facts, enabled, seen });
  };
  return (
    <>
      <PageHeader
        title="Models"
        action={
          <Button variant="primary" onClick={() => setEditing("new")}>
            <Plus />
            Add model
          </Button>
        }
      >
        What agents may choose, and what a call costs, in dollars per million tokens. Changes are in force everywhere
        within five seconds; calls of before keep their price.
      </PageHeader>
      {MODEL_KINDS.map((kind) => {
        const { title, purpose } = SECTIONS[kind];
        const ofKind = models.filter((model) => model.kind === kind);
        return (
          <section key={kind} className="grid gap-3" aria-labelledby={`kind-${kind}`}>
            <div>
              <h2 id={`kind-${kind}`} className="text-base font-semibold">
                {title}
              </h2>
              <p className="text-sm text-ink-muted">{purpose}</p>
            </div>
            {ofKind.length === 0 ? (
              <Empty title={`No model for ${title.toLowerCase()} is listed`} className="py-8">
                {kind === "rerank"
                  ? "Without one, a server named by RERANK_MODEL works all the same, and its calls count as free."
                  : "Answers go on with what the product knows itself, and agents have nothing to choose from."}
              </Empty>
            ) : (
              <Table label={`${title} models`} className="sm:min-w-[680px]">
                <Thead>
                  <Th>Model</Th>
                  {kind === "chat" && <Th className="max-sm:hidden">Size</Th>}
                  {kind === "embedding" && <Th className="text-right max-sm:hidden">Dimensions</Th>}
                  <Th className="text-right max-sm:hidden">{kind === "embedding" ? "Longest text" : "Context"}</Th>
                  <Th className="text-right">In</Th>
                  {kind === "chat" && (
                    <>
                      <Th className="text-right max-sm:hidden">Cached</Th>
                      <Th className="text-right">Out</Th>
                    </>
                  )}
                  <Th className="max-lg:hidden">Changed</Th>
                  <Th quiet>Actions</Th>
                </Thead>
                <tbody>
                  {ofKind.map((model) => (
                    <Tr key={modelName(model)}>
                      <Td>
                        <div className="grid justify-items-start gap-1 py-0.5">
                          <button
                            type="button"
                            className={cn(
                              "max-w-64 rounded-sm text-left font-medium break-all underline-offset-4 hover:underline",
                              !model.enabled && "text-ink-muted",
                            )}
                            onClick={() => setEditing(model)}
                          >
                            <bdi>{model.model}</bdi>
                          </button>
                          <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-subtle">
                            <span>
                              {PROVIDER_LABELS[model.provider]}
                              {model.kind === "chat" && model.tier && (
                                <span className="sm:hidden"> · {TIER_LABELS[model.tier]}</span>
                              )}
                              {withoutKey.includes(model.provider) && " · no key here"}
                            </span>
                            {own.includes(modelName(model)) && <Badge tone="accent">This installation’s own</Badge>}
                            {!model.enabled && <Badge>Disabled</Badge>}
                          </span>
                          {model.note && (
                            <bdi className="max-w-72 text-xs break-words text-ink-muted">{model.note}</bdi>
                          )}
                        </div>
                      </Td>
                      {model.kind === "chat" && (
                        <Td className="whitespace-nowrap text-ink-muted max-sm:hidden">
                          {model.tier ? TIER_LABELS[model.tier] : "By name alone"}
                        </Td>
                      )}
                      {model.kind === "embedding" && (
                        <Td className="text-right max-sm:hidden">{number(model.dimensions)}</Td>
                      )}
                      <Td className="text-right max-sm:hidden" title={`${number(model.contextTokens)} tokens`}>
                        {compactNumber(model.contextTokens)}
                      </Td>
                      <Td className="text-right whitespace-nowrap">
                        {dollars(model.inputMicroUsd)}
                        {model.kind === "chat" && model.longPrompt && (
                          <abbr
                            className="ml-0.5 text-ink-subtle no-underline"
                            title={describeLongPrompt(model.longPrompt)}
                          >
                            *
                          </abbr>
                        )}
                      </Td>
                      {model.kind === "chat" && (
                        <>
                          <Td className="text-right max-sm:hidden">{dollars(model.cachedInputMicroUsd)}</Td>
                          <Td className="text-right">{dollars(model.outputMicroUsd)}</Td>
                        </>
                      )}
                      <Td className="whitespace-nowrap text-ink-muted max-lg:hidden">
                        <RelativeTime at={model.updatedAt} />
                        {model.updatedBy && (
                          <bdi className="block max-w-44 truncate text-xs text-ink-subtle" title={model.updatedBy}>
                            {model.updatedBy}
                          </bdi>
                        )}
                      </Td>
                      <Td className="text-right">
                        <Menu
                          align="end"
                          trigger={
                            <Button variant="ghost" size="icon-sm" aria-label={`Actions for ${modelName(model)}`}>
                              <MoreHorizontal />
                            </Button>
                          }
                        >
                          <MenuItem onSelect={() => setEditing(model)}>
                            <Pencil />
                            Edit
                          </MenuItem>
                          <MenuItem disabled={switching.pending} onSelect={() => setOffered(model, !model.enabled)}>
                            <Power />
                            {model.enabled ? "Disable" : "Enable"}
                          </MenuItem>
                          {model.provider !== "local" && (
                            <>
                              <MenuSeparator />
                              <MenuItem danger onSelect={() => setRemoving(model)}>
                                <Trash2 />
                                Delete
                              </MenuItem>
                            </>
                          )}
                        </Menu>
                      </Td>
                    </Tr>
                  ))}
                </tbody>
              </Table>
            )}
            {ofKind.some((model) => model.kind === "chat" && model.longPrompt) && (
              <p className="text-xs text-ink-subtle">* Long prompts cost more: open the model to see from where on.</p>
            )}
          </section>
        );
      })}
      {editing && (
        <ModelDialog
          key={editing === "new" ? "new" : modelName(editing)}
          model={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      <ConfirmDelete
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        kind="model"
        name={removing ? modelName(removing) : ""}
        consequences="Agents that chose it are answered by this installation’s own model from then on. Calls of before keep their price. Where the environment names it, it stays in use, without a price."
        run={() => removeModel({ ...removing!, seen: removing!.updatedAt })}
        onDone={() => {
          setRemoving(null);
          toast.success("Model deleted");
        }}
      />
    </>
  );
}
