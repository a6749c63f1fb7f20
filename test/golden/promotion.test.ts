// Every folder of fixtures/promotion: event.json, config.yml and before/** go in; plan.json, pull-request.md, after/** and
// deployments.json come out, compared to the byte. `npm run golden` writes them; read the difference before you commit it.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { runCase } from "./run-case.ts";

const ROOT = fileURLToPath(new URL("../../fixtures/promotion", import.meta.url));
const INPUTS = new Set(["event.json", "config.yml"]);
const cases = readdirSync(ROOT).sort();

test("the cases are there", () => {
  expect(cases.length).toBeGreaterThanOrEqual(20);
});

test.each(cases)("%s", async (name) => {
  const folder = join(ROOT, name);
  const came = await runCase(filesBelow(folder));
  if (process.env["UPDATE_GOLDEN"]) bless(folder, came);
  const golden = [...filesBelow(folder)].filter(([path]) => !INPUTS.has(path) && !path.startsWith("before/"));
  expect(Object.fromEntries(came)).toEqual(Object.fromEntries(golden));
});

/** Texts by path, bytes kept one for one. */
function filesBelow(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

function bless(folder: string, came: ReadonlyMap<string, string>): void {
  rmSync(join(folder, "after"), { recursive: true, force: true });
  for (const file of ["plan.json", "pull-request.md", "deployments.json"]) {
    if (existsSync(join(folder, file))) rmSync(join(folder, file));
  }
  for (const [path, text] of came) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
