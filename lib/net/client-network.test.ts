import { expect, test } from "vitest";
import { clientNetwork } from "./client-network";

test("all addresses of one IPv6 network are one client, and those of another are another", () => {
  const home = clientNetwork("2001:db8:0:7:1::9");
  expect(clientNetwork("2001:0DB8:0000:0007:ffff::1")).toBe(home);
  expect(clientNetwork("2001:db8:0:7::%eth0")).toBe(home);
  expect(clientNetwork("2001:db8:0:8:1::9")).not.toBe(home);
});

test("an IPv4 address is itself, however it is written, and what is no address stays what it is", () => {
  expect(clientNetwork("203.0.113.9")).toBe("203.0.113.9");
  expect(clientNetwork("::ffff:203.0.113.9")).toBe("203.0.113.9");
  expect(clientNetwork("::ffff:203.0.113.9")).not.toBe(clientNetwork("::ffff:203.0.113.10"));
  for (const other of ["", "unknown", "203.0.113", "1:2", "[::1]:80"]) expect(clientNetwork(other)).toBe(other);
});
