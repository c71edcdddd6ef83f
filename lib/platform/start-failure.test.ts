import { createServer } from "node:net";
import pg from "pg";
import { expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { startFailure } from "./start-failure";

test("a port that is taken is named, with the variable that moves it", async () => {
  const first = createServer();
  await new Promise<void>((done) => first.listen(0, "127.0.0.1", done));
  const { port } = first.address() as { port: number };
  const error = await new Promise((resolve) => createServer().once("error", resolve).listen(port, "127.0.0.1"));
  first.close();
  expect(startFailure(error, "PORT")).toContain(`Port ${port} cannot be listened on`);
  expect(startFailure(error, "WORKER_PORT")).toContain("WORKER_PORT=");
});

test("a database that does not answer is named without its password", async () => {
  const error = await new pg.Client("postgresql://u:secret@127.0.0.1:1/x").connect().catch((e: unknown) => e);
  const text = startFailure(error, "PORT");
  expect(text).toContain("Nobody answers at 127.0.0.1:1 (ECONNREFUSED). Check the hosts and ports of DATABASE_URL");
  expect(text).not.toContain("secret");
});

test("what was said for people is said as it is, and what nobody foresaw with its stack", () => {
  expect(startFailure(new AppError("config_invalid", "Set it."), "PORT")).toBe("Set it.");
  expect(startFailure(new Error("odd"), "PORT")).toMatch(/odd\n\s+at /);
});
