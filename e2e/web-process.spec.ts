import { expect, test } from "./stack";

/** `npm start` as it is: Node before Next, in one process. */

test("whoever answers, Node or Next, asks the database over the same few connections", async ({ product }) => {
  const { appUrl, owner } = product;
  const askBoth = Array.from({ length: 12 }, () => [
    fetch(`${appUrl}/api/widget/v1/agents/agt_nobody/config`),
    fetch(`${appUrl}/health/ready`),
  ]).flat();
  const statuses = new Set((await Promise.all(askBoth)).map(({ status }) => status));
  expect([...statuses].sort()).toEqual([200, 404]);
  const { rows } = await owner.query(
    "select count(*)::int as connections from pg_stat_activity where application_name = 'alonchat-web'",
  );
  // DATABASE_POOL_MAX, opened when the process starts.
  expect(rows).toEqual([{ connections: 4 }]);
});
