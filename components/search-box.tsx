"use client";

import { Search, X } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { Spinner } from "./ui/button";
import { Input } from "./ui/input";

/** A search that lives in the URL (`?q=`), so that it can be linked and survives a reload. Any search starts on page one. */
export function SearchBox({ label, placeholder }: { label: string; placeholder: string }) {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const inUrl = params.get("q") ?? "";
  const [text, setText] = useState(inUrl);
  const [pending, startTransition] = useTransition();
  const sent = useRef(inUrl);

  useEffect(() => {
    // Back and forward change the URL under us.
    if (inUrl !== sent.current) {
      sent.current = inUrl;
      setText(inUrl);
    }
  }, [inUrl]);

  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      const next = new URLSearchParams(params);
      next.delete("page");
      if (text) next.set("q", text);
      else next.delete("q");
      startTransition(() => router.replace(`${path}?${next}`, { scroll: false }));
    }, 200);
    return () => clearTimeout(timer);
  }, [text, params, path, router]);

  return (
    <div className="relative min-w-0 flex-1 basis-full sm:max-w-72 sm:basis-auto">
      <span className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-ink-subtle">
        {pending ? <Spinner /> : <Search className="size-4" aria-hidden="true" />}
      </span>
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="px-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => setText("")}
          className="absolute inset-y-0 right-0 flex items-center rounded-md px-2.5 text-ink-subtle hover:text-ink"
        >
          <X className="size-4" />
        </button>
      )}
    </div>
  );
}
