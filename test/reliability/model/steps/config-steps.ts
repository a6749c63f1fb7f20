// The config moves while promotions are open: it leaves out an environment or a chart, cannot be read, is gone, and comes back.

import fc from "fast-check";
import { giveConfigBack, takeConfigAway, writeConfig } from "../config.ts";
import { CONFIG, type LeftOut, NOTHING_LEFT_OUT } from "../stage.ts";
import { type Step, step } from "../story.ts";

const rests = fc.integer({ min: 0, max: 4 }).map((n) => n > 1);

const LEFT_OUT: readonly (readonly [what: string, leftOut: LeftOut])[] = [
  ["nothing", NOTHING_LEFT_OUT],
  ["nothing", NOTHING_LEFT_OUT],
  ["lab", { environments: new Set(["lab"]), charts: new Set() }],
  ["db of dev", { environments: new Set(), charts: new Set(["dev db"]) }],
  ["app of staging and lab", { environments: new Set(["lab"]), charts: new Set(["staging app"]) }],
];

const leaveOut = fc.tuple(fc.constantFrom(...LEFT_OUT), rests).map(([[what, leftOut], thenRest]) =>
  step({
    name: `the config leaves out ${what}`,
    thenRest,
    act: ({ testBed }, memory) => {
      memory.leaveOut(leftOut);
      writeConfig(testBed, memory, CONFIG);
    },
  }),
);

const takeAway = fc.tuple(fc.constantFrom("wrong" as const, "gone" as const), rests).map(([how, thenRest]) =>
  step({
    name: `the config is ${how}`,
    thenRest,
    act: ({ testBed }, memory) => {
      takeConfigAway(testBed, memory, how === "wrong" ? "environments: nowhere\n" : null);
      memory.leaveOut(memory.leftOut);
    },
  }),
);

/** Drift steps among others find nothing to do until then. */
const giveBack = rests.map((thenRest) =>
  step({
    name: "the config is given back",
    thenRest,
    act: ({ testBed }, memory) => giveConfigBack(testBed, memory),
  }),
);

export const CONFIG_STEPS: readonly fc.Arbitrary<Step>[] = [
  ...[leaveOut, leaveOut, takeAway],
  ...[giveBack, giveBack],
];
