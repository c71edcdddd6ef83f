import { expect, test } from "vitest";
import { readPage } from "./read-page";

const page = (head = "") =>
  Buffer.from(
    `<title>Hours</title>${head}<main><h1>Hours</h1><p>We open at nine and close at six, on all days.</p></main>`,
  );
const read = (body: Buffer, headers: Record<string, string>, userAgent: string) => {
  const reading = readPage(body, "https://shop.test/", { "content-type": "text/html", ...headers }, { userAgent });
  return reading.kind === "left_out" ? reading.code : reading.kind;
};

test.each([
  ["by X-Robots-Tag", page(), { "x-robots-tag": "helpbot: noindex" }],
  ["by a meta element", page('<meta name="helpbot" content="noindex">'), {}],
] as const)("what asks the crawler by its own name %s not to be kept is not kept", (_how, body, headers) => {
  expect(read(body, headers, "HelpBot/2.0 (+https://help.test)")).toBe("noindex");
  expect(read(body, headers, "AnotherBot/1.0")).toBe("text");
});
