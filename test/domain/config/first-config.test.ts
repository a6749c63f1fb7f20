import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { environmentNames } from "../../../src/domain/config/environment-name.ts";
import { firstConfig } from "../../../src/domain/config/first-config.ts";
import { parseConfig } from "../../../src/domain/config/parse.ts";

const CONTEXT = { defaultBranch: "main", deployers: [], repository: "acme/config", file: "config.yml" };

function readBack(folders: readonly string[]) {
  const names = environmentNames(folders);
  const parsed = parseConfig(firstConfig(new Map([...names].map(([path, name]) => [name, path]))), CONTEXT);
  return parsed.ok
    ? new Map(parsed.value.environments.map(({ name, path }) => [path, name]))
    : parsed.problems;
}

test.each<readonly [name: string, folders: readonly string[], names: readonly string[]]>([
  ["plain ones keep theirs", ["dev", "prod.eu", "qa_1"], ["dev", "prod.eu", "qa_1"]],
  ["the root, beside a folder of that name", ["", "default"], ["default-2", "default"]],
  ["a/b beside a-b", ["a/b", "a-b", "a b"], ["a-b-2", "a-b", "a-b-3"]],
  ["the same to GitHub", ["Dev", "dev", "DEV"], ["Dev", "dev-2", "DEV-3"]],
  [
    "numbers and words of YAML",
    ["01", "1", "0x1", "null", "on", "~"],
    ["01", "1", "0x1", "null", "on", "environment"],
  ],
  ["what no branch can be called", ["-a", "b.", "c..d", "e.lock", ".f"], ["a", "b", "c.d", "e-lock", "f"]],
  [
    "accents and other scripts",
    ["prod/zürich", "生产", "прод"],
    ["prod-zurich", "environment", "environment-2"],
  ],
  ["marks of YAML", ["x: y", "'q'", "a #b", "{c}", "line\nbreak"], ["x-y", "q", "a-b", "c", "line-break"]],
])("environments are named after folders: %s", (_, folders, names) => {
  expect(readBack(folders)).toEqual(new Map(folders.map((folder, index) => [folder, names[index]])));
});

const part = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 120, unit: "binary" }),
    fc.constantFrom("a-b", "A-B", "a-b-2", "01", "null", "yes", "1e3", "__proto__", "constructor", "=", "<<"),
  )
  .filter((text) => !/^\.{1,2}$|[/\\]/.test(text) && text.isWellFormed());
const folders = fc.uniqueArray(
  fc.array(part, { maxLength: 3 }).map((parts) => parts.join("/")),
  { maxLength: 12 },
);

test("whatever folders are called, the config file is one that is taken, and names each of them", () => {
  fc.assert(
    fc.property(
      folders.filter((some) => some.length > 0),
      (some) => {
        expect(readBack(some)).toEqual(new Map(some.map((folder) => [folder, expect.any(String)])));
      },
    ),
    { numRuns: 500 },
  );
});
