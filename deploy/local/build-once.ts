import { ensureBuilt } from "./build";

const seconds = await ensureBuilt((line) => process.stdout.write(`${line}\n`));
process.stdout.write(seconds === 0 ? "The build is up to date.\n" : `Built in ${seconds.toFixed(1)} s.\n`);
