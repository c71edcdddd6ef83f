"use client";

import { ArrowRight } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { MAX_QUESTION_LENGTH } from "@/lib/chat/schema";

/** A first question, asked from the overview and answered in the playground. */
export function TryIt({ href, suggestions, ready }: { href: string; suggestions: string[]; ready: boolean }) {
  const router = useRouter();
  const ask = (question: string) => router.push(question ? `${href}?ask=${encodeURIComponent(question)}` : href);
  return (
    <div className="grid gap-2.5">
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          ask(String(new FormData(event.currentTarget).get("question")).trim());
        }}
      >
        <Input
          name="question"
          aria-label="Question"
          placeholder={ready ? "Ask a question" : "Ready as soon as the first page is read"}
          maxLength={MAX_QUESTION_LENGTH}
          disabled={!ready}
          dir="auto"
          autoComplete="off"
        />
        <Button type="submit" variant="primary" disabled={!ready}>
          Ask
          <ArrowRight />
        </Button>
      </form>
      {ready && suggestions.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {suggestions.map((question) => (
            <Button
              key={question}
              size="sm"
              onClick={() => ask(question)}
              className="h-auto min-h-7 max-w-full py-1 text-left whitespace-normal"
            >
              <bdi>{question}</bdi>
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
