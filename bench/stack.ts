import { makeTempHome, removeHome } from "@/supabase/local/paths";
import { startStack } from "@/supabase/local/stack";
import { round } from "./load";

const WARM_STARTS = 5;

/** Seconds from nothing to ready (a new data folder), and from stopped to ready, the median of five. */
export async function run(args: string[]): Promise<void> {
  const home = makeTempHome();
  const seconds = async () => {
    const startedAt = performance.now();
    const stack = await startStack({ dataDir: home, apiPort: 0, dbPort: 0 });
    const took = (performance.now() - startedAt) / 1_000;
    await stack.stop();
    return round(took, 2);
  };
  try {
    const cold = await seconds();
    const warm: number[] = [];
    for (let i = 0; i < WARM_STARTS; i++) warm.push(await seconds());
    const result = {
      bench: "stack",
      coldSeconds: cold,
      warmSeconds: warm.toSorted((x, y) => x - y)[Math.floor(WARM_STARTS / 2)],
    };
    process.stdout.write(
      args.includes("--json")
        ? `${JSON.stringify(result)}\n`
        : `from nothing ${result.coldSeconds} s, from stopped ${result.warmSeconds} s (bar 3 s)\n`,
    );
  } finally {
    removeHome(home);
  }
}
