"use client";

import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch";
import { useAction } from "@/components/use-action";
import {
  KIND_LABELS,
  MODEL_KINDS,
  MODEL_LIMITS,
  MODEL_TIERS,
  type Model,
  modelName,
  PROVIDER_LABELS,
  PROVIDERS,
  REASONING,
} from "@/lib/models/schema";
import { addModel, changeModel } from "./actions";
import { REASONING_LABELS, TIER_LABELS } from "./describe-model";
import { factsOf, formOf, type ModelForm } from "./model-form";

/** Adds a model, or changes what may be changed of one. */
export function ModelDialog({ model, onClose }: { model: Model | null; onClose: () => void }) {
  const [form, setForm] = useState(() => formOf(model));
  const set = (patch: Partial<ModelForm>) => setForm((previous) => ({ ...previous, ...patch }));
  const done = (message: string) => () => {
    toast.success(message);
    onClose();
  };
  const adding = useAction(addModel, { onSuccess: done("Model added") });
  const changing = useAction(changeModel, { onSuccess: done("Saved. In force everywhere within five seconds.") });
  const { failure, pending } = model ? changing : adding;
  const errors = failure?.fieldErrors ?? {};
  const text = (field: TextField, label: string, more: Omit<TextProps, "label" | "value" | "onChange"> = {}) => (
    <TextInput label={label} value={form[field]} onChange={(value) => set({ [field]: value })} {...more} />
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={model ? <bdi className="break-all">{modelName(model)}</bdi> : "Add model"}
      description="Prices are dollars per million tokens."
      className="max-w-[560px]"
    >
      <form
        noValidate
        className="flex min-h-0 flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          const { provider, model: name } = form;
          if (model) changing.submit({ provider, model: name, seen: model.updatedAt, ...factsOf(form) });
          else adding.submit({ provider, model: name, ...factsOf(form) });
        }}
      >
        <div className="grid min-h-0 gap-4 overflow-y-auto p-5">
          {failure && !failure.fieldErrors && <Notice kind="danger">{failure.message}</Notice>}
          {!model && (
            <>
              <Field label="For" error={errors.kind}>
                {({ id }) => (
                  <Choice
                    id={id}
                    label="For"
                    value={form.kind}
                    options={MODEL_KINDS.map((kind) => ({ value: kind, label: KIND_LABELS[kind] }))}
                    onChange={(kind) => set({ kind, ...(kind === "rerank" && { provider: "compatible" }) })}
                  />
                )}
              </Field>
              <Row>
                <Field label="Provider" error={errors.provider} className="content-start">
                  {(control) => (
                    <Select
                      {...control}
                      value={form.provider}
                      onChange={(event) => set({ provider: event.target.value as ModelForm["provider"] })}
                    >
                      {PROVIDERS.filter((provider) => provider !== "local").map((provider) => (
                        <option key={provider} value={provider}>
                          {PROVIDER_LABELS[provider]}
                        </option>
                      ))}
                    </Select>
                  )}
                </Field>
                {text("model", "Name", { error: errors.model, hint: "As the provider writes it." })}
              </Row>
            </>
          )}
          <SwitchField
            label="Agents may choose it"
            hint={
              form.enabled
                ? undefined
                : "Agents that chose it are answered by this installation’s own model. What the environment names stays in use."
            }
            checked={form.enabled}
            onChange={(enabled) => set({ enabled })}
          />
          {form.kind === "chat" && (
            <Row>
              <Field label="Size" error={errors.tier} className="content-start">
                {(control) => (
                  <Select
                    {...control}
                    value={form.tier}
                    onChange={(event) => set({ tier: event.target.value as ModelForm["tier"] })}
                  >
                    <option value="">By name alone</option>
                    {MODEL_TIERS.map((tier) => (
                      <option key={tier} value={tier}>
                        {TIER_LABELS[tier]}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label="Thinking before the answer" error={errors.reasoning} className="content-start">
                {(control) => (
                  <Select
                    {...control}
                    value={form.reasoning}
                    onChange={(event) => set({ reasoning: event.target.value as ModelForm["reasoning"] })}
                  >
                    <option value="">The model’s own</option>
                    {REASONING.map((effort) => (
                      <option key={effort} value={effort}>
                        {REASONING_LABELS[effort]}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            </Row>
          )}
          <Row>
            {text("context", form.kind === "embedding" ? "Longest text in tokens" : "Context in tokens", {
              error: errors.contextTokens,
              isNumber: true,
            })}
            {form.kind === "chat" &&
              text("maxOutput", "Longest answer in tokens", {
                error: errors.maxOutputTokens,
                optional: true,
                isNumber: true,
              })}
            {form.kind === "embedding" &&
              text("dimensions", "Dimensions", {
                error: errors.dimensions,
                isNumber: true,
                disabled: model !== null,
                hint: model ? "Stays: vectors of another length fit no index." : "Of the vectors that it sends.",
              })}
          </Row>
          <Row columns={form.kind === "chat" ? 3 : 2}>
            {text("input", "Price in", { error: errors.inputMicroUsd, isNumber: true })}
            {form.kind === "chat" && (
              <>
                {text("cached", "Price cached", {
                  error: errors.cachedInputMicroUsd,
                  isNumber: true,
                  hint: "Empty: as in.",
                })}
                {text("output", "Price out", { error: errors.outputMicroUsd, isNumber: true })}
              </>
            )}
          </Row>
          {form.kind === "chat" && (
            <>
              <SwitchField
                label="Long prompts cost more"
                checked={form.hasLongPrompt}
                onChange={(hasLongPrompt) => set({ hasLongPrompt })}
              />
              {form.hasLongPrompt && (
                <Row>
                  {text("above", "Above tokens", { error: errors["longPrompt.aboveTokens"], isNumber: true })}
                  {text("longInput", "Price in, long", { error: errors["longPrompt.inputMicroUsd"], isNumber: true })}
                  {text("longCached", "Price cached, long", {
                    error: errors["longPrompt.cachedInputMicroUsd"],
                    isNumber: true,
                  })}
                  {text("longOutput", "Price out, long", {
                    error: errors["longPrompt.outputMicroUsd"],
                    isNumber: true,
                  })}
                </Row>
              )}
            </>
          )}
          {form.kind === "embedding" && (
            <>
              {!model && (
                <SwitchField
                  label="Ask for this length in each request"
                  hint="For models whose own default is another one."
                  checked={form.requestDimensions}
                  onChange={(requestDimensions) => set({ requestDimensions })}
                />
              )}
              <Row>
                {text("batchTexts", "Texts a request", { error: errors.maxBatchTexts, isNumber: true })}
                {text("batchTokens", "Tokens a request", { error: errors.maxBatchTokens, isNumber: true })}
              </Row>
            </>
          )}
          <Row>
            {text("position", "Order", {
              error: errors.position,
              isNumber: true,
              hint: "Lower comes first. The first of a provider is its default, the first of a size stands for it.",
            })}
            {text("note", "Note", { error: errors.note, optional: true, maxLength: MODEL_LIMITS.noteLength })}
          </Row>
        </div>
        <div className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
          <span role="status" className="mr-auto text-xs text-danger">
            {failure?.fieldErrors ? failure.message : ""}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending}>
            {model ? "Save" : "Add model"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type TextField = { [K in keyof ModelForm]: string extends ModelForm[K] ? K : never }[keyof ModelForm];
interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string;
  optional?: boolean;
  isNumber?: boolean;
  disabled?: boolean;
  maxLength?: number;
}

const TextInput = ({ label, value, onChange, error, hint, optional, isNumber, disabled, maxLength }: TextProps) => (
  <Field label={label} error={error} hint={hint} optional={optional ?? false} className="content-start">
    {(control) => (
      <Input
        {...control}
        value={value}
        dir={isNumber ? "ltr" : "auto"}
        inputMode={isNumber ? "decimal" : undefined}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        maxLength={maxLength}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);

const Row = ({ columns = 2, children }: { columns?: 2 | 3; children: ReactNode }) => (
  <div className={columns === 3 ? "grid grid-cols-3 gap-4" : "grid gap-4 sm:grid-cols-2"}>{children}</div>
);
