import { BookOpenText, LayoutGrid, Plus, Search } from "lucide-react";
import { AgentMark } from "@/components/agent-mark";
import { Badge } from "@/components/ui/badge";
import { WidgetPreview } from "@/components/widget-preview";

const COLOR = "#0f6b5c";

/** The product, drawn with the product's own parts: the dashboard while it reads a shop, and the chat over it. */
export function ProductShot() {
  return (
    <figure className="relative" aria-label="The dashboard reading a website, and the chat answering with a source">
      <div inert className="overflow-hidden rounded-lg border border-line bg-surface select-none lg:mr-[120px]">
        <div className="grid md:grid-cols-[190px_1fr]">
          <div className="hidden content-start gap-0.5 border-r border-line bg-canvas p-3 text-sm text-ink-muted md:grid">
            <div className="flex h-8 items-center gap-2 px-2 font-medium text-ink">
              <span className="flex size-5 items-center justify-center rounded-sm bg-ink text-2xs font-semibold text-surface">
                L
              </span>
              Lumen & Co
            </div>
            <Nav icon={<Search />}>Search</Nav>
            <Nav icon={<LayoutGrid />}>Agents</Nav>
            <Nav icon={<Plus />}>New agent</Nav>
            <p className="px-2 pt-4 pb-1 text-xs text-ink-subtle">Your agents</p>
            <Nav icon={<AgentMark color={COLOR} size="sm" />} current>
              Lumen help
            </Nav>
            <Nav icon={<AgentMark color="#1d4ed8" size="sm" />}>Lumen trade</Nav>
          </div>
          <div className="grid min-h-[500px] content-start gap-5 p-5 sm:p-6">
            <div className="flex items-center gap-2.5 text-base font-semibold">
              <AgentMark color={COLOR} />
              Lumen help
            </div>
            <div className="grid max-w-[520px] lg:max-w-[440px] gap-4 rounded-lg border border-line p-4">
              <div className="flex items-center justify-between gap-3">
                <div className="flex min-w-0 items-center gap-2 font-medium">
                  <BookOpenText className="size-4 text-ink-subtle" />
                  help.lumen-lamps.example
                </div>
                <Badge tone="info" dot>
                  Reading
                </Badge>
              </div>
              <div className="grid gap-2">
                <div className="h-1.5 overflow-hidden rounded-full bg-hover">
                  <div className="h-full w-[78%] rounded-full bg-accent" />
                </div>
                <div className="flex flex-wrap justify-between gap-x-4 text-xs text-ink-muted tabular-nums">
                  <span>112 of 143 pages found so far</span>
                  <span>6.2 pages/s · about 5 s left</span>
                </div>
              </div>
              <dl className="grid grid-cols-4 gap-4">
                {[
                  ["Published", "98"],
                  ["Excluded", "11"],
                  ["Failed", "3"],
                  ["Passages", "1,204"],
                ].map(([label, value]) => (
                  <div key={label} className="grid">
                    <dt className="text-xs text-ink-muted">{label}</dt>
                    <dd className="text-lg font-semibold tabular-nums">{value}</dd>
                  </div>
                ))}
              </dl>
            </div>
            <ul className="grid max-w-[520px] lg:max-w-[440px]">
              {PAGES.map(({ title, reason, tone, status }) => (
                <li
                  key={title}
                  className="flex h-11 items-center justify-between gap-4 border-b border-line last:border-0"
                >
                  <span className="grid min-w-0">
                    <span className="truncate">{title}</span>
                    {reason && <span className="truncate text-xs text-ink-muted">{reason}</span>}
                  </span>
                  <Badge tone={tone} dot>
                    {status}
                  </Badge>
                </li>
              ))}
            </ul>
          </div>
        </div>
      </div>
      <WidgetPreview
        name="Lumen help"
        color={COLOR}
        welcome=""
        messages={CONVERSATION}
        className="mx-auto -mt-10 h-[560px] w-[min(340px,calc(100%-24px))] lg:absolute lg:top-6 lg:right-0 lg:mt-0"
      />
    </figure>
  );
}

const said = { status: "complete", createdAt: "2026-11-21T09:00:00Z" };
const CONVERSATION = [
  { ...said, id: "q", role: "visitor" as const, text: "Can I return a lamp I already assembled?" },
  {
    ...said,
    id: "a",
    role: "assistant" as const,
    text: "Yes. You can return any lamp within **60 days**, assembled or not [1]. Assembled lamps need the original foam inserts [2]; we send you a label either way.",
    citations: [
      {
        number: 1,
        url: "https://help.lumen-lamps.example/returns#how-long",
        title: "Returns and refunds",
        heading: "How long you have",
      },
      {
        number: 2,
        url: "https://help.lumen-lamps.example/packing",
        title: "Packing a lamp for return",
      },
    ],
  },
];

const PAGES = [
  { title: "Returns and refunds", reason: "", tone: "success", status: "Published" },
  { title: "Packing a lamp for return", reason: "", tone: "success", status: "Published" },
  { title: "/checkout/cart", reason: "robots.txt does not allow it", tone: "neutral", status: "Excluded" },
] as const;

const Nav = ({ icon, current, children }: { icon: React.ReactNode; current?: boolean; children: React.ReactNode }) => (
  <div
    className={`flex h-8 items-center gap-2 rounded-md px-2 [&_svg]:size-4 ${current ? "bg-hover font-medium text-ink" : ""}`}
  >
    {icon}
    {children}
  </div>
);
