// Values set through every door in values files of every style, with real Helm as the judge. VALUES_EDITS is how many,
// VALUES_SEED takes others.

import { beforeAll, expect, test } from "@jest/globals";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { judgeEdits } from "../../src/tools/corpus/values/judge-edits.ts";
import { madeUpCases } from "../../src/tools/corpus/values/made-up-cases.ts";

const EDITS = Number(process.env["VALUES_EDITS"] ?? 2000);
/** Some of the files leave no room for an edit, or are not loaded by Helm. */
const FILES = Math.ceil(EDITS * 1.15);
const SEED = Number(process.env["VALUES_SEED"] ?? Date.now() % 1_000_000);
/** Of all edits: with anchors in one another there is no way for some that changes nothing else. */
const MOST_REFUSED = 0.03;
const SECONDS = 900;

let helm: string;
beforeAll(async () => {
  helm = await helmBinary();
}, 60_000);

test(
  "Helm loads what is written, reads what was wanted, and everything else as before",
  async () => {
    const tally = await judgeEdits(madeUpCases(SEED, FILES), { helm, seed: SEED });
    process.stdout.write(`VALUES_SEED=${SEED}\n${tally.table("Values set")}\n`);
    expect(tally.wrongs).toEqual([]);
    const [right, refused] = [tally.counted("right"), tally.counted("refused")];
    expect(right).toBeGreaterThan(EDITS);
    expect(refused / (right + refused)).toBeLessThan(MOST_REFUSED);
    for (const door of ["command line", "config", "publish"])
      expect(tally.counted(`right, by ${door}`)).toBeGreaterThan(EDITS * 0.25);
  },
  SECONDS * 1000,
);
