// npm run fuzz: gives every door and every reader of foreign bytes made-up ones for FUZZ_SECONDS (60), in turn, and tells
// how many, which was the slowest, and what crashed. FUZZ_SEED gives the same again.

import fc from "fast-check";
import { startTown } from "../../sandbox/town.ts";
import { doors } from "./doors.ts";
import { PARSERS, type Target } from "./parsers.ts";

const AT_ONCE = 25;
const seconds = Number(process.env["FUZZ_SECONDS"] ?? 60);
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);

interface Tally {
  inputs: number;
  slowest: { readonly name: string; readonly ms: number };
  readonly crashes: string[];
}

async function give(target: Target, input: unknown, tally: Tally): Promise<void> {
  const begun = performance.now();
  try {
    await target.read(input);
  } catch (error) {
    tally.crashes.push(`${target.name}: ${String(error)} for ${JSON.stringify(input)?.slice(0, 500)}`);
  }
  const ms = performance.now() - begun;
  tally.inputs += 1;
  if (ms > tally.slowest.ms) tally.slowest = { name: target.name, ms };
}

async function fuzz(targets: readonly Target[]): Promise<Tally> {
  const tally: Tally = { inputs: 0, slowest: { name: "", ms: 0 }, crashes: [] };
  const end = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < end; round += 1)
    for (const target of targets)
      for (const input of fc.sample(target.inputs, { numRuns: AT_ONCE, seed: seed + round }))
        await give(target, input, tally);
  return tally;
}

const town = await startTown();
process.stdout.write(`seed ${seed}, ${seconds} seconds\n`);
const { inputs, slowest, crashes } = await fuzz([...PARSERS, ...doors(town.url())]);
await town.stop();
process.stdout.write(
  `${inputs} inputs, slowest ${slowest.ms.toFixed(0)} ms (${slowest.name}), ${crashes.length} crashes\n`,
);
for (const crash of crashes.slice(0, 20)) process.stdout.write(`${crash}\n`);
process.exitCode = crashes.length === 0 ? 0 : 1;
