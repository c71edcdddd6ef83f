"use client";

import { useRouter } from "next/navigation";
import { useEffect, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { number, plural } from "@/components/ui/number";
import { Progress } from "@/components/ui/progress";
import { useAction } from "@/components/use-action";
import type { EmbeddingIndex, Indexes } from "@/lib/knowledge/schema";
import { cancelModelChange, changeModel } from "./actions";

const REFRESH_MS = 2_000;

export interface ModelChoice {
  /** provider/model */
  model: string;
  dimensions: number | null;
  microUsdPerMillionTokens: number;
}

/** Which model compares questions with passages, the way to another, and how far a change is. */
export function ModelSection({
  tenant,
  agentId,
  indexes: { live, building, failed },
  choices,
  mayEdit,
}: {
  tenant: string;
  agentId: string;
  indexes: Indexes;
  /** What this installation has keys for; the first is what new agents get. */
  choices: ModelChoice[];
  mayEdit: boolean;
}) {
  const inUse = live?.model ?? choices[0]?.model;
  return (
    <section aria-labelledby="model" className="grid gap-4 rounded-lg border border-line p-4 lg:max-w-[640px]">
      <div className="grid gap-1">
        <h2 id="model" className="font-semibold">
          Search model
        </h2>
        <p className="text-ink-muted">
          Turns questions and passages into numbers, so that what means the same is found although the words differ. A
          change reads every passage once more with the new model. Visitors are answered with the present one until that
          is done, then all at once with the new one.
        </p>
      </div>
      <dl className="grid gap-0.5">
        <dt className="text-xs text-ink-muted">In use</dt>
        <dd className="font-medium break-words">
          <bdi>{inUse}</bdi>
          {live?.dimensions ? (
            <span className="font-normal text-ink-muted"> · {number(live.dimensions)} numbers a passage</span>
          ) : null}
        </dd>
      </dl>
      {failed && (
        <Notice kind="danger" title={`The change to ${failed.model} did not succeed`}>
          {failed.errorMessage}
        </Notice>
      )}
      {building ? (
        <Change tenant={tenant} index={building} mayEdit={mayEdit} />
      ) : (
        mayEdit && <Choose tenant={tenant} agentId={agentId} choices={choices.filter(({ model }) => model !== inUse)} />
      )}
    </section>
  );
}

function Change({ tenant, index, mayEdit }: { tenant: string; index: EmbeddingIndex; mayEdit: boolean }) {
  const router = useRouter();
  const cancel = useAction(cancelModelChange);
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [router]);
  const percent = index.total > 0 ? Math.min(100, Math.floor((index.done / index.total) * 100)) : null;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 break-words">
          Changing to <bdi className="font-medium">{index.model}</bdi>
        </p>
        {mayEdit && (
          <Button size="sm" pending={cancel.pending} onClick={() => cancel.submit(tenant, { indexId: index.id })}>
            Stop
          </Button>
        )}
      </div>
      <Progress percent={percent} label="Change of model" />
      <p role="status" className="text-xs text-ink-muted tabular-nums">
        {index.total > 0 ? `${number(index.done)} of ${plural(index.total, "passage")}` : "Waiting for a worker"}
        {index.costMicroUsd > 0 && ` · ${dollars(index.costMicroUsd)} so far`}
      </p>
      {cancel.failure && <Notice kind="danger">{cancel.failure.message}</Notice>}
    </div>
  );
}

function Choose({ tenant, agentId, choices }: { tenant: string; agentId: string; choices: ModelChoice[] }) {
  const id = useId();
  const [model, setModel] = useState("");
  const change = useAction(changeModel, { onSuccess: () => setModel("") });
  if (choices.length === 0)
    return <p className="text-xs text-ink-subtle">This installation has no key for another model.</p>;
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (model) change.submit(tenant, { agentId, model });
      }}
    >
      <div className="grid min-w-0 flex-1 basis-60 gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          Another model
        </label>
        <select
          id={id}
          value={model}
          onChange={(event) => setModel(event.target.value)}
          className="h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm"
        >
          <option value="">Choose</option>
          {choices.map((choice) => (
            <option key={choice.model} value={choice.model}>
              {choice.model} ({price(choice)})
            </option>
          ))}
        </select>
      </div>
      <Button type="submit" disabled={!model} pending={change.pending}>
        Change model
      </Button>
      {change.failure && (
        <Notice kind="danger" className="basis-full">
          {change.failure.message}
        </Notice>
      )}
    </form>
  );
}

const dollars = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(4)}`;

const price = ({ model, microUsdPerMillionTokens }: ModelChoice): string =>
  microUsdPerMillionTokens > 0
    ? `$${microUsdPerMillionTokens / 1_000_000} per million tokens`
    : model.startsWith("local/")
      ? "free, on this server"
      : "price not known here";
