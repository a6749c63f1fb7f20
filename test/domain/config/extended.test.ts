import { expect, test } from "@jest/globals";
import { parseConfig } from "../../../src/domain/config/parse.ts";

const CONTEXT = { defaultBranch: "main", deployers: [], repository: "acme/config", file: "config.yml" };

function read(text: string, defaults: string) {
  const extended = { kind: "read", repository: "acme/defaults", oid: "", text: defaults } as const;
  return parseConfig(`extends: acme/defaults\n${text}`, { ...CONTEXT, extended });
}

test.each([
  ["a key of its own wins", "dev: { labels: [own] }", "dev: { labels: [named] }", ["own"]],
  ["an empty list is a key of its own", "dev: { labels: [] }", "dev: { labels: [named] }", []],
  ["its name comes before *", "dev:", "dev: { labels: [named] }\n  '*': { labels: [all] }", ["named"]],
  ["* is for all", "dev:", "'*': { labels: [all] }", ["all"]],
  ["whole keys: lists are not put together", "dev: { labels: [own] }", "'*': { labels: [all] }", ["own"]],
  ["what only the defaults name is no environment", "dev:", "prod: { labels: [named] }", []],
] as const)("%s", (...[, own, defaults, labels]) => {
  const config = read(`environments:\n  ${own}\n`, `environments:\n  ${defaults}\n`);
  expect(config.ok && config.value.environments.map((one) => [one.name, one.labels])).toEqual([
    ["dev", labels],
  ]);
});

test("an environment named like a method of objects takes nothing from them", () => {
  const config = read("environments:\n  constructor:\n", "environments: {}\n");
  expect(config.ok && config.value.environments.map(({ path }) => path)).toEqual([""]);
});

test("a conflict between both is told where the defaults have it", () => {
  const config = read("environments:\n  dev: { path: dev }\n", "environments:\n  '*':\n    after: nowhere\n");
  expect(!config.ok && config.problems.map(({ place }) => place)).toEqual([
    { file: "acme/defaults/chart-promoter-defaults.yml", line: 3 },
  ]);
});

test("without anybody to say what it extends, the file is read by itself", () => {
  expect(parseConfig("extends: acme/defaults\nenvironments:\n  dev:\n", CONTEXT).ok).toBe(true);
});

test.each(["acme", "acme/a/b", "https://github.com/acme/a"])("extends: %s is refused", (name) => {
  const config = parseConfig(`extends: ${name}\nenvironments: {}\n`, CONTEXT);
  expect(!config.ok && config.problems[0]?.message).toContain("must be owner/repository");
});
