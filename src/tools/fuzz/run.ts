// npm run fuzz: gives every door and every reader of foreign bytes made-up ones for FUZZ_SECONDS (60), in turn, and tells
// how many, which was the slowest, and what crashed. FUZZ_SEED gives the same again. On a busy machine only processor time tells:
// of the main thread, where everybody else waits meanwhile, and of the whole process, with its threads.

import fc from "fast-check";
import { startTestBed } from "../../sandbox/test-bed.ts";
import { doors } from "./doors.ts";
import { PARSERS } from "./parsers.ts";
import type { Target } from "./target.ts";

const AT_ONCE = 25;
const seconds = Number(process.env["FUZZ_SECONDS"] ?? 60);
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);

interface Taken {
  readonly name: string;
  /** Wall-clock time. */
  readonly ms: number;
  readonly mainMs: number;
  readonly processMs: number;
}

const NONE: Taken = { name: "", ms: 0, mainMs: 0, processMs: 0 };

interface Tally {
  inputs: number;
  slowest: Taken;
  /** On the main thread. */
  heaviest: Taken;
  readonly crashes: string[];
}

async function give(target: Target, input: unknown, tally: Tally): Promise<void> {
  const first = await measured(target, input, tally);
  tally.inputs += 1;
  if (first.ms > tally.slowest.ms) tally.slowest = first;
  if (first.mainMs <= tally.heaviest.mainMs) return;
  // Measured again: a cost that occurs only once is that of the compiler or the garbage collector.
  const second = await measured(target, input, tally);
  const least = second.mainMs < first.mainMs ? second : first;
  if (least.mainMs > tally.heaviest.mainMs) tally.heaviest = least;
}

async function measured(target: Target, input: unknown, { crashes }: Tally): Promise<Taken> {
  const shownInput = JSON.stringify(input)?.slice(0, 500) ?? "nothing";
  const begun = spent();
  try {
    await target.read(input);
  } catch (error) {
    crashes.push(`${target.name}: ${String(error)} for ${shownInput}`);
  }
  const end = spent();
  return {
    name: `${target.name} of ${shownInput.slice(0, 80)}`,
    ms: end.ms - begun.ms,
    mainMs: end.mainMs - begun.mainMs,
    processMs: end.processMs - begun.processMs,
  };
}

function spent(): Omit<Taken, "name"> {
  const sum = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
  return {
    ms: performance.now(),
    mainMs: sum(process.threadCpuUsage()),
    processMs: sum(process.cpuUsage()),
  };
}

function shown({ name, ms, mainMs, processMs }: Taken): string {
  const [wall, main, all] = [ms, mainMs, processMs].map((one) => one.toFixed(0));
  return `${wall} ms (${name}; processor time ${main} ms on the main thread, ${all} ms with the others)`;
}

async function fuzz(targets: readonly Target[]): Promise<Tally> {
  const tally: Tally = { inputs: 0, slowest: NONE, heaviest: NONE, crashes: [] };
  const end = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < end; round += 1)
    for (const target of targets)
      for (const input of fc.sample(target.inputs, { numRuns: AT_ONCE, seed: seed + round }))
        await give(target, input, tally);
  return tally;
}

const testBed = await startTestBed({ dashboard: "public" });
process.stdout.write(`seed ${seed}, ${seconds} seconds\n`);
const { inputs, slowest, heaviest, crashes } = await fuzz([...PARSERS, ...doors(testBed.url())]);
await testBed.stop();
process.stdout.write(
  `${inputs} inputs, ${crashes.length} crashes, slowest ${shown(slowest)}, longest on the main thread ${shown(heaviest)}\n`,
);
for (const crash of crashes.slice(0, 20)) process.stdout.write(`${crash}\n`);
process.exitCode = crashes.length === 0 ? 0 : 1;
