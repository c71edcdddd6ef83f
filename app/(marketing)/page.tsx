import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { currentUser } from "@/app/_server/session";
import { Button } from "@/components/ui/button";
import { ProductShot } from "./product-shot";

export default async function HomePage() {
  const user = await currentUser();
  const start = user ? { href: "/home", label: "Open dashboard" } : { href: "/sign-up", label: "Create your agent" };
  return (
    <main>
      <section className="page grid gap-12 pt-16 pb-20 sm:pt-24">
        <div className="grid max-w-[720px] gap-6">
          <h1 className="text-[40px] leading-[1.08] font-semibold tracking-[-0.028em] sm:text-[56px]">
            Your website already has the answers. Let it give them.
          </h1>
          <p className="max-w-[58ch] text-md text-ink-muted sm:text-lg">
            AlonChat reads your site and help pages, then answers visitors in a chat on your own pages. Every answer
            links to the page it came from. When your pages do not say, neither does it.
          </p>
          <div className="flex flex-wrap items-center gap-3">
            <Button asChild variant="primary" size="lg" className="px-5">
              <Link href={start.href}>
                {start.label}
                <ArrowRight />
              </Link>
            </Button>
            <p className="text-sm text-ink-muted">From an address to a working chat in a few minutes.</p>
          </div>
        </div>
        <ProductShot />
      </section>

      <section aria-labelledby="how" className="border-t border-line bg-canvas">
        <div className="page grid gap-10 py-20">
          <h2 id="how" className="max-w-[24ch] text-2xl font-semibold tracking-[-0.02em]">
            Three steps, none of them a project
          </h2>
          <ol className="grid gap-x-10 gap-y-8 sm:grid-cols-3">
            {STEPS.map(({ title, text }, index) => (
              <li key={title} className="grid content-start gap-2 border-t border-line-strong pt-4">
                <span className="text-sm text-ink-subtle tabular-nums">{index + 1}</span>
                <h3 className="text-md font-semibold">{title}</h3>
                <p className="text-base text-ink-muted">{text}</p>
              </li>
            ))}
          </ol>
        </div>
      </section>

      <section aria-labelledby="why" className="border-t border-line">
        <div className="page grid gap-10 py-20">
          <h2 id="why" className="max-w-[26ch] text-2xl font-semibold tracking-[-0.02em]">
            Made for teams who are asked why the bot said that
          </h2>
          <dl className="grid gap-x-10 gap-y-8 sm:grid-cols-2">
            {REASONS.map(({ title, text }) => (
              <div key={title} className="grid content-start gap-1.5">
                <dt className="text-md font-semibold">{title}</dt>
                <dd className="max-w-[52ch] text-base text-ink-muted">{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      </section>

      <section className="border-t border-line bg-canvas">
        <div className="page flex flex-wrap items-center justify-between gap-6 py-16">
          <h2 className="max-w-[26ch] text-2xl font-semibold tracking-[-0.02em]">
            See what your own site would answer.
          </h2>
          <Button asChild variant="primary" size="lg" className="px-5">
            <Link href={start.href}>
              {start.label}
              <ArrowRight />
            </Link>
          </Button>
        </div>
      </section>
    </main>
  );
}

const STEPS = [
  {
    title: "Give an address",
    text: "The crawler keeps to your robots.txt, finds your pages, leaves out menus and cookie banners, and shows what it did with each.",
  },
  {
    title: "Ask it yourself",
    text: "The playground shows the answer, the passages behind it with their scores, and how long each step took.",
  },
  {
    title: "Paste one line",
    text: "A script under 1 KB. It sets no cookie, moves nothing on your page, and works only on the domains you allow.",
  },
];

const REASONS = [
  {
    title: "Sources in every answer",
    text: "Each statement carries a number that opens the page and the passage it rests on.",
  },
  {
    title: "Honest when it does not know",
    text: "Below the confidence that you set it says your own words instead of guessing.",
  },
  {
    title: "Every page accounted for",
    text: "Published, excluded, duplicate or failed: each page has a status and a reason, live while it crawls.",
  },
  {
    title: "Your data stays apart",
    text: "Workspaces are separated in the database itself, row by row, and tested that way.",
  },
  {
    title: "Any model, or none",
    text: "OpenAI, Anthropic, Google or your own server; without a key it quotes your pages word for word.",
  },
  {
    title: "Run it yourself",
    text: "Open source. One command starts all of it on a single machine, with no account anywhere.",
  },
];
