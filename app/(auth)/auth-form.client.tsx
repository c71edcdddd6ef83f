"use client";

import Link from "next/link";
import { useActionState, useState } from "react";
import type { FormState } from "@/app/_server/action";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { requestReset, signIn, signUp, updatePassword } from "./actions";
import { SubmitButton } from "./submit-button.client";

const START = { result: null, values: {} };

const errorsOf = (state: FormState<unknown>) => (state.result?.ok === false ? (state.result.fieldErrors ?? {}) : {});

/** What is wrong with the whole form rather than one of its fields. */
const FormFailure = ({ state }: { state: FormState<unknown> }) =>
  state.result?.ok === false && !state.result.fieldErrors ? (
    <Notice kind="danger">{state.result.message}</Notice>
  ) : null;

function EmailField({ state, autoFocus }: { state: FormState<unknown>; autoFocus?: boolean }) {
  return (
    <Field label="E-mail" error={errorsOf(state).email}>
      {(control) => (
        <Input
          {...control}
          name="email"
          type="email"
          autoComplete="email"
          inputMode="email"
          required
          autoFocus={autoFocus}
          defaultValue={state.values.email ?? ""}
          className="h-10"
        />
      )}
    </Field>
  );
}

function PasswordField({
  state,
  name = "password",
  label = "Password",
  hint,
  isNew,
  aside,
}: {
  state: FormState<unknown>;
  name?: string;
  label?: string;
  hint?: string;
  isNew?: boolean;
  aside?: React.ReactNode;
}) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} error={errorsOf(state)[name]} hint={hint} aside={aside}>
      {(control) => (
        <div className="relative">
          <Input
            {...control}
            name={name}
            type={shown ? "text" : "password"}
            autoComplete={isNew ? "new-password" : "current-password"}
            required
            minLength={isNew ? 8 : undefined}
            className="h-10 pr-14"
          />
          <button
            type="button"
            className="absolute inset-y-0 right-0 rounded-md px-3 text-xs text-ink-muted hover:text-ink"
            onClick={() => setShown(!shown)}
          >
            {shown ? "Hide" : "Show"}
            <span className="sr-only"> what was typed</span>
          </button>
        </div>
      )}
    </Field>
  );
}

const Done = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div role="status" className="grid gap-1">
    <h2 className="text-base font-semibold">{title}</h2>
    <p className="text-sm text-ink-muted">{children}</p>
  </div>
);

export function SignUpForm() {
  const [state, submit] = useActionState(signUp, START);
  if (state.result?.ok)
    return (
      <Done title="Check your inbox">
        We sent a link to <strong className="font-medium text-ink">{state.result.data.confirm}</strong>. Open it to
        confirm your address; it is valid for an hour.
      </Done>
    );
  return (
    <form action={submit} className="grid gap-4">
      <FormFailure state={state} />
      <Field
        label="Workspace name"
        hint="Your company or project. You can change it later."
        error={errorsOf(state).workspaceName}
      >
        {(control) => (
          <Input
            {...control}
            name="workspaceName"
            autoComplete="organization"
            required
            maxLength={80}
            autoFocus
            defaultValue={state.values.workspaceName ?? ""}
            className="h-10"
          />
        )}
      </Field>
      <EmailField state={state} />
      <PasswordField state={state} isNew hint="At least 8 characters." />
      <SubmitButton>Create workspace</SubmitButton>
    </form>
  );
}

export function SignInForm({ next }: { next: string | null }) {
  const [state, submit] = useActionState(signIn, START);
  return (
    <form action={submit} className="grid gap-4">
      <FormFailure state={state} />
      {next && <input type="hidden" name="next" value={next} />}
      <EmailField state={state} autoFocus />
      <PasswordField
        state={state}
        aside={
          <Link href="/reset-password" className="text-link">
            Forgot it?
          </Link>
        }
      />
      <SubmitButton>Sign in</SubmitButton>
    </form>
  );
}

export function ResetForm() {
  const [state, submit] = useActionState(requestReset, START);
  if (state.result?.ok)
    return (
      <Done title="Check your inbox">
        If <strong className="font-medium text-ink">{state.result.data.sentTo}</strong> has an account, a link to set a
        new password is on its way. It is valid for an hour.
      </Done>
    );
  return (
    <form action={submit} className="grid gap-4">
      <FormFailure state={state} />
      <EmailField state={state} autoFocus />
      <SubmitButton>Send link</SubmitButton>
    </form>
  );
}

export function UpdatePasswordForm() {
  const [state, submit] = useActionState(updatePassword, START);
  return (
    <form action={submit} className="grid gap-4">
      <FormFailure state={state} />
      <PasswordField state={state} label="New password" isNew hint="At least 8 characters." />
      <PasswordField state={state} name="repeat" label="Repeat it" isNew />
      <SubmitButton>Save password</SubmitButton>
    </form>
  );
}
