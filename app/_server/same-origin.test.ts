import { expect, test } from "vitest";
import { refuseOtherOrigins } from "./same-origin";

const check = (headers: Record<string, string | undefined>) => () =>
  refuseOtherOrigins(new Headers(JSON.parse(JSON.stringify({ host: "app.test", ...headers }))), "https://app.test");

test.each([
  {},
  { "sec-fetch-site": "same-origin" },
  { "sec-fetch-site": "none" },
  { origin: "https://app.test", "sec-fetch-site": "same-origin" },
])("%j comes from our own pages or the address bar", (headers) => expect(check(headers)).not.toThrow());

test.each([
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { origin: "https://evil.test" },
  { origin: "https://app.test.evil.test" },
  { origin: "null" },
])("%j is refused", (headers) => expect(check(headers)).toThrow(expect.objectContaining({ code: "forbidden" })));
