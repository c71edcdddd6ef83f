import { expect, test } from "vitest";
import { containing } from "./pages";

test("a search looks into address and title", () => {
  expect(containing("return lamp")).toBe("url.ilike.%return lamp%,title.ilike.%return lamp%");
});

test("a search cannot add conditions of its own, nor wildcards", () => {
  expect(containing('x%,tenant_id.neq."0")*\\')).toBe(
    "url.ilike.%x__tenant_id.neq._0____%,title.ilike.%x__tenant_id.neq._0____%",
  );
});
