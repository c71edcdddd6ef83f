import { afterEach, expect, test, vi } from "vitest";
import { openStore, randomKey, randomUuid } from "./store";

afterEach(() => vi.unstubAllGlobals());

function browserStorage(items: Record<string, string> = {}) {
  vi.stubGlobal("localStorage", items);
  return items;
}

const visitor = "a".repeat(32);

test("nothing is written before there is a visitor, then all of it, under the agent's own key", () => {
  const items = browserStorage();
  const store = openStore("ag_1");
  store.set({ open: true });
  expect(items).toEqual({});
  store.set({ visitor });
  expect(JSON.parse(items["alonchat:ag_1"]!)).toEqual({ open: true, visitor });
  expect(openStore("ag_1").get()).toEqual({ open: true, visitor });
  expect(openStore("ag_2").get()).toEqual({});
});

test.each(["", "{", "null", "[1", "0"])("an entry that says %j is an empty one", (text) => {
  browserStorage({ "alonchat:ag_1": text });
  expect(openStore("ag_1").get()).toEqual({});
});

test("where storage is blocked or full the values live in memory", () => {
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("localStorage", new Proxy({}, { get: refuse, set: refuse }));
  const store = openStore("ag_1");
  store.set({ visitor, open: true });
  expect(store.get()).toEqual({ visitor, open: true });
});

test("what another tab wrote, or that it deleted everything, is taken over when asked", () => {
  const items = browserStorage();
  const [here, there] = [openStore("ag_1"), openStore("ag_1")];
  there.set({ visitor, conversation: "c" });
  expect(here.get()).toEqual({});
  here.reload();
  expect(here.get()).toEqual({ visitor, conversation: "c" });
  delete items["alonchat:ag_1"];
  here.reload();
  expect(here.get()).toEqual({});
});

test("identifiers are of their form and do not repeat", () => {
  const uuids = Array.from({ length: 200 }, randomUuid);
  expect(new Set(uuids).size).toBe(200);
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(randomKey()).toMatch(/^[0-9a-f]{32}$/);
});
