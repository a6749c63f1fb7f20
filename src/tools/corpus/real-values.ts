// Edits every values file of a corpus, and many generated ones, through every entry point, and reads the results with
// real Helm.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { helmBinary } from "../../sandbox/helm-binary.ts";
import type { Tally } from "./tally.ts";
import { judgeEdits, type ValuesCase } from "./values/judge-edits.ts";
import { madeUpCases } from "./values/made-up-cases.ts";

const SEED = Number(process.env["VALUES_SEED"] ?? 1);
/** Per real file. */
const EDITS = 50;
const MADE_UP = 500;

export async function judgeRealValues(folder: string): Promise<Tally> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.ya?ml$/.test(name) && !OTHERS.test(name)).sort();
  const cases: ValuesCase[] = [];
  for (const [at, file] of files.entries()) {
    const text = await readFile(join(folder, file), "utf8");
    for (let edit = 0; edit < EDITS; edit += 1) cases.push({ name: `real-${at}-${edit}`, text });
  }
  return judgeEdits(cases, { helm: await helmBinary(), seed: SEED });
}

const OTHERS = /(^|\/)(Chart|requirements)\.yaml$/;

export async function judgeMadeUpValues(): Promise<Tally> {
  return judgeEdits(madeUpCases(SEED, MADE_UP), { helm: await helmBinary(), seed: SEED });
}
