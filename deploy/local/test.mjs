// `npm test`: everything, from nothing. Ends with one line that counts all tests: "N passed, M failed, K skipped".
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { ensureInstalled } from "./setup.mjs";

const startedAt = performance.now();
const { env, chromiumPath } = await ensureInstalled({ browser: true, redis: true });
const reports = ".local/test-reports";
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const run = (command, args, more = {}) =>
  new Promise((resolve) => {
    process.stdout.write(`\n── ${command} ${args.join(" ")}\n`);
    const child = spawn(command, args, {
      env: { ...env, ...more, CHROMIUM_PATH: chromiumPath ?? "" },
      stdio: "inherit",
    });
    child.on("error", (error) => {
      process.stdout.write(`${error.message}\n`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });

const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, in words: told once more at the end, which is what is left of a long log. */
const failures = [];
/** Adds the counts and failures of a report; a run that left none counts as one failure. */
const count = (name, file, read) => {
  try {
    const { failures: failed, ...counts } = read(JSON.parse(readFileSync(file, "utf8")));
    for (const key of Object.keys(total)) total[key] += counts[key];
    failures.push(...failed);
  } catch (error) {
    failures.push(`${name} left no report that can be read: ${error.message}`);
    total.failed += 1;
  }
};
/** The failed tests of a Playwright suite and of the suites in it. */
const failedSpecs = (suite) => [
  ...(suite.suites ?? []).flatMap(failedSpecs),
  ...(suite.specs ?? [])
    .filter((spec) => !spec.ok || spec.tests.some((test) => test.status === "flaky"))
    .map((spec) => {
      const error = spec.tests.flatMap((test) => test.results).find((result) => result.error)?.error;
      return `${spec.file}:${spec.line} › ${spec.title}\n${error?.message ?? "no message"}`;
    }),
];
/** A step that is not a test runner counts as one test. */
const step = async (command, args) => {
  const code = await run(command, args);
  if (code === 0) total.passed += 1;
  else {
    total.failed += 1;
    failures.push(`${command} ${args.join(" ")} ended with ${code}; its output stands above.`);
  }
  return code;
};

await step("node", ["deploy/local/check.mjs"]);

const vitestReport = `${reports}/vitest.json`;
const vitestCode = await run("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${vitestReport}`,
]);
count("vitest", vitestReport, (r) => ({
  passed: r.numPassedTests,
  failed: r.numFailedTests,
  skipped: r.numPendingTests + r.numTodoTests,
  failures: r.testResults.flatMap((file) => [
    ...(file.status === "failed" && file.message !== "" ? [`${file.name}\n${file.message}`] : []),
    ...file.assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => `${file.name} › ${test.fullName}\n${test.failureMessages.join("\n")}`),
  ]),
}));

let e2eCode = 1;
if ((await step("tsx", ["deploy/local/build-once.ts"])) === 0) {
  const e2eReport = `${reports}/playwright.json`;
  e2eCode = await run("playwright", ["test"], { PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport });
  count("playwright", e2eReport, (r) => ({
    passed: r.stats.expected,
    failed: r.stats.unexpected + r.stats.flaky,
    skipped: r.stats.skipped,
    failures: r.suites.flatMap(failedSpecs),
  }));
}
// A runner may fail without a failed test: an error outside of them.
if (total.failed === 0 && (vitestCode !== 0 || e2eCode !== 0)) {
  total.failed = 1;
  failures.push("A test runner failed outside of its tests; its output stands above.");
}

for (const failure of failures) process.stdout.write(`\nFAILED ${failure.slice(0, 2_000)}\n`);
process.stdout.write(
  `\n${Math.round((performance.now() - startedAt) / 1_000)} s in all\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`,
);
process.exit(total.failed === 0 ? 0 : 1);
