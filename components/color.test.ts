import { expect, test } from "vitest";
import { contrast, readableOn, shownAccent } from "./color";

test("black on white is 21, and the order does not matter", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#0f6b5c", "#ffffff")).toBe(contrast("#ffffff", "#0f6b5c"));
});

test("dark colours carry white, light ones near-black", () => {
  expect(readableOn("#0f6b5c")).toBe("#ffffff");
  expect(readableOn("#ffe066")).toBe("#17171a");
});

test("text on what the widget makes of an accent can be read, whatever was chosen", () => {
  const steps = ["00", "33", "66", "99", "cc", "ff"];
  for (const red of steps)
    for (const green of steps)
      for (const blue of steps) {
        const chosen = `#${red}${green}${blue}`;
        const { accent, text } = shownAccent(chosen);
        expect(contrast(accent, text), chosen).toBeGreaterThanOrEqual(4.5);
      }
});

test("a colour that carries white or dark text already is left as it is", () => {
  for (const hex of ["#0f6b5c", "#17171a", "#1d4ed8", "#ffe066", "#ffffff"]) expect(shownAccent(hex).accent).toBe(hex);
  expect(shownAccent("#d63384").accent).not.toBe("#d63384");
});
