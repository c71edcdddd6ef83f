import { createHash } from "node:crypto";
import { countTokens } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { estimateTokens } from "./tokens";

test.each([
  [
    "prose",
    "The Panthers defense gave up just 308 points, ranking sixth in the league, while also leading the NFL in interceptions with 24 and boasting four Pro Bowl selections. Pro Bowl defensive tackle Kawann Short led the team in sacks with 11, while also forcing three fumbles.",
  ],
  [
    "instructions",
    "Open *Garden › Settings › Firmware*. If a newer version is there, tap *Update now*. Leave the garden plugged in.\n\n- the serial number, which is on the label\n- the order number; it begins with SW and has eight digits",
  ],
  [
    "code",
    "const known = new Map<string, number>();\nfor (const [index, value] of values.entries()) {\n  if (!known.has(value)) known.set(value, index);\n}\nreturn [...known.values()].sort((a, b) => a - b);",
  ],
  [
    "German",
    "Die Bestellung wird innerhalb von drei Werktagen versandt. Bitte beachten Sie die Allgemeinen Geschäftsbedingungen und die Datenschutzerklärung.",
  ],
  [
    "a key",
    createHash("sha512")
      .update("x")
      .digest("base64")
      .replace(/[^A-Za-z]/g, "")
      .repeat(3),
  ],
  ["Chinese", "您可以随时在账户页面中更改送货地址。如果订单已经发货，请联系客户服务部门，我们会尽快为您处理。"],
])("%s is estimated within 20 % of a real tokenizer", (_kind, text) => {
  expect(estimateTokens(text) / countTokens(text)).toBeGreaterThan(0.8);
  expect(estimateTokens(text) / countTokens(text)).toBeLessThan(1.2);
});

test("nothing to read counts as one token", () => {
  expect([estimateTokens(""), estimateTokens(" "), estimateTokens("\u200b")]).toEqual([1, 1, 1]);
});
