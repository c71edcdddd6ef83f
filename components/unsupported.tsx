import type { Check } from "@/lib/chat/schema";

const KINDS: Record<Check["kind"], string> = {
  figure: "Figure",
  link: "Link, taken out",
  name: "Name",
  quote: "Quote",
  support: "Statement",
  judge: "Statement",
};

/** What the answer says and its sources do not, with the words that are meant. */
export const Unsupported = ({ text, checks }: { text: string; checks: Check[] }) => (
  <section aria-label="Not in the sources" className="grid gap-1 rounded-md bg-warning-soft px-3 py-2 text-sm">
    <h3 className="text-xs font-medium text-warning">Not in the sources</h3>
    <ul className="grid gap-0.5">
      {checks.map((check) => (
        <li key={`${check.start}-${check.end}-${check.kind}`} className="break-words text-ink-muted" dir="auto">
          <span className="text-xs text-ink-subtle">{KINDS[check.kind]}</span>{" "}
          {check.items.length > 0 ? check.items.join(", ") : text.slice(check.start, check.end)}
        </li>
      ))}
    </ul>
  </section>
);
