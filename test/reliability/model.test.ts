// Whatever people, pipelines, deployers and the network do in whatever order: what must always hold, holds after every step,
// and once all has come to rest, everything is as a small model of the rules expects it.
//
// The stories are the same from run to run, so that a change is judged by those that the one before it was judged by.
// MODEL_SEED tells others; MODEL_PATH and MODEL_REPLAY (the path and replayPath that fast-check prints) go straight to the
// example that it found. MODEL_RUNS sets how many stories are told, without the limit of time, MODEL_STEPS how long they may be;
// MODEL_MINUTES tells stories for so long, however many that are. A run of the usual size or more makes a heal and a redeployment,
// also where a slow machine takes longer for that.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Memory } from "./model/memory.ts";
import { CONFIG_STEPS } from "./model/steps/config-steps.ts";
import { DRIFT_STEPS } from "./model/steps/drift-steps.ts";
import { PEOPLES_STEPS } from "./model/steps/peoples-steps.ts";
import { TROUBLE_STEPS } from "./model/steps/trouble-steps.ts";
import { beginStory, concludeStory } from "./model/story.ts";
import { Tally } from "./model/tally.ts";

const {
  MODEL_RUNS: runs,
  MODEL_MINUTES: minutes,
  MODEL_STEPS: longest = "40",
  MODEL_SEED: seed = "1",
  MODEL_PATH: path,
  MODEL_REPLAY: replayPath,
} = process.env;
const USUAL_RUNS = 25;
const USUAL_MS = 60_000;
/** More than there is time for. */
const MANY_RUNS = 5_000;
/** For how long a story that failed is made smaller. */
const SHRINK_MS = 120_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** After which no story is begun. */
const LIMIT_MS = limitMs();

const steps = fc.commands(
  [...PEOPLES_STEPS, ...PEOPLES_STEPS, ...TROUBLE_STEPS, ...CONFIG_STEPS, ...DRIFT_STEPS],
  {
    maxCommands: Number(longest),
    size: "max",
    ...(replayPath !== undefined && { replayPath }),
  },
);

test(
  "random interleavings keep what must always hold, and end as the rules say",
  async () => {
    const tally = new Tally();
    let failedAt: number | undefined;
    let end = Date.now() + LIMIT_MS;
    const property = fc.asyncProperty(steps, async (commands) => {
      const isEnough = failedAt !== undefined || tally.missing.length === 0 || tally.stories >= USUAL_RUNS;
      if (Date.now() > end && isEnough) return;
      const story = await beginStory();
      const memory = new Memory();
      try {
        await fc.asyncModelRun(() => ({ model: memory, real: story }), commands);
        await concludeStory(story, memory);
        expect(story.testBed.github.unmodelled).toEqual([]);
        expect(story.testBed.github.requests.unknown).toEqual([]);
      } catch (error) {
        failedAt ??= Date.now();
        end = Math.min(end, failedAt + SHRINK_MS);
        throw error;
      } finally {
        await story.stop();
        tally.add([...commands].length, story);
      }
    });
    const numRuns = Number(runs ?? (minutes === undefined ? USUAL_RUNS : MANY_RUNS));
    const parameters = { numRuns, seed: Number(seed), ...(path !== undefined && { path }) };
    await fc.assert(property, parameters).finally(() => {
      process.stdout.write(`Model-based test: seed ${seed} (MODEL_SEED=… tells others): ${tally.text}.\n`);
    });
    if (path === undefined && numRuns >= USUAL_RUNS) expect(tally.missing).toEqual([]);
  },
  DAY_MS,
);

function limitMs(): number {
  if (minutes !== undefined) return Number(minutes) * MINUTE_MS;
  return runs === undefined ? USUAL_MS : DAY_MS;
}
