const BENCHES = {
  chat: "first token and requests per second through the real route, against the model's own",
  crawl: "the crawler alone: fetch, robots, links, extraction, dedupe",
  "first-answer": "seconds from sign-up to the first cited answer, in Chromium on the sample site",
  "crawl-peer": "the crawler beside Crawlee's CheerioCrawler on the same site, at two latencies",
  embed: "10,000 passages embedded and stored, over a bare insert of the same rows",
  extract: "main content against the given truth",
  ingest: "20,000 pages through a real worker: memory, pages per second, how long another tenant waits",
  lexical: "match_chunks by words at 3,000 and 100,000 passages, and retrieve() at 20 at once",
  queue: "enqueue and process, over BullMQ by itself",
  retrieval: "nDCG@10 against BM25 on a data set, through chunker, embedder and match_chunks",
  vectors: "recall, rows and time of filtered vector search, tenants of 0.1 % to 100 % of a table",
  streams: "1,000 open streams at up to 20 events a second: errors, first event, memory; some are cut and read on",
  widget: "the embed in Chromium: sizes, time to a field, long tasks, a long conversation, memory",
  stack: "from nothing, and from stopped, to ready",
} as const;

/** `npm run bench -- <name> [options]`. Each bench prints a table, or with --json one line of JSON. */
async function main(): Promise<void> {
  const [name, ...args] = process.argv.slice(2);
  if (!name || !(name in BENCHES)) {
    process.stdout.write(
      `npm run bench -- <name> [--json]\n\n${Object.entries(BENCHES)
        .map(([key, what]) => `  ${key.padEnd(12)} ${what}`)
        .join("\n")}\n`,
    );
    process.exitCode = name ? 1 : 0;
    return;
  }
  const bench: { run(args: string[]): Promise<void> } = await import(`./${name}.ts`);
  await bench.run(args);
}

await main();
