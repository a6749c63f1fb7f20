// One case for each folder of fixtures/umbrella; UPDATE_GOLDEN=1 writes what comes out, to be reviewed.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Files } from "../../../src/domain/model/umbrella.ts";
import { bump } from "../../../src/domain/umbrella/bump.ts";
import { applied } from "./bump-to.ts";
import { type GoldenCase, goldenCases } from "./golden-cases.ts";

const cases = goldenCases();

test("there are cases", () => expect(cases.length).toBeGreaterThan(40));

test.each(cases.map((golden) => [golden.name, golden] as const))("%s", (_name, golden) => {
  const result = bump(golden.before, golden.change);
  const after = result.ok ? applied(golden.before, result.value.edits) : undefined;
  const outcome = result.ok
    ? { notes: result.value.notes, archives: result.value.archives }
    : { problems: result.problems };
  if (process.env["UPDATE_GOLDEN"] !== undefined) return bless(golden, after, outcome);
  expect(outcome).toEqual(JSON.parse(readFileSync(join(golden.folder, "told.json"), "utf8")));
  if (after === undefined) expect(golden.after).toBeUndefined();
  else expect(Object.fromEntries(after)).toEqual(Object.fromEntries(golden.after ?? []));
});

function bless({ folder }: GoldenCase, after: Files | undefined, outcome: object): void {
  rmSync(join(folder, "after"), { recursive: true, force: true });
  for (const [path, text] of after ?? []) {
    mkdirSync(dirname(join(folder, "after", path)), { recursive: true });
    writeFileSync(join(folder, "after", path), text);
  }
  writeFileSync(join(folder, "told.json"), `${JSON.stringify(outcome, null, 2)}\n`);
  if (!existsSync(folder)) throw new Error(`${folder} is gone`);
}
