// Every file of fixtures/config: a valid one gives the JSON beside it, an invalid one the problems beside it.
// UPDATE_GOLDEN=1 writes what comes out; read the difference before you commit it.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parseConfig } from "../../../src/domain/config/parse.ts";

const CONTEXT = {
  defaultBranch: "main",
  deployers: [
    { name: "config-jenkins", repositories: ["*/*"] },
    { name: "other", repositories: ["*/*"] },
    { name: "prod-only", repositories: ["acme/config#prod"] },
    { name: "strangers", repositories: ["stranger/*"] },
  ],
  repository: "acme/config",
  file: ".github/chart-promoter.yml",
};
const valid = new URL("../../../fixtures/config/valid/", import.meta.url);
const invalid = new URL("../../../fixtures/config/invalid/", import.meta.url);

test("the cases are there", () => {
  expect(cases(valid).length).toBeGreaterThanOrEqual(12);
  expect(cases(invalid).length).toBeGreaterThanOrEqual(25);
});

test.each(cases(valid))("%s is read", (name) => {
  const parsed = parseConfig(readFileSync(new URL(`${name}.yaml`, valid), "utf8"), CONTEXT);
  const got = `${JSON.stringify(parsed.ok ? parsed.value : parsed.problems, null, 2)}\n`;
  expect(got).toBe(golden(new URL(`${name}.json`, valid), got));
  expect(parsed.ok).toBe(true);
});

test.each(cases(invalid))("%s is refused", (name) => {
  const parsed = parseConfig(readFileSync(new URL(`${name}.yaml`, invalid), "utf8"), CONTEXT);
  const problems = parsed.ok ? [] : parsed.problems;
  const got = problems
    .map(({ message, help, place }) => `line ${place?.line}: ${message}\n  ${help}\n`)
    .join("");
  expect(got).toBe(golden(new URL(`${name}.problems.txt`, invalid), got));
  expect(problems.length).toBeGreaterThan(0);
});

function cases(folder: URL): readonly string[] {
  return readdirSync(folder).flatMap((file) =>
    file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : [],
  );
}

function golden(file: URL, got: string): string {
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, got);
  return existsSync(file) ? readFileSync(file, "utf8") : "(not blessed yet)";
}
