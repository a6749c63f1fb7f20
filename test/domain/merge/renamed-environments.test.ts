// Environments that got another name and another folder at once are paired by what is in their folders.

import { expect, test } from "@jest/globals";
import { renamedInPlace, renamedWithFolder } from "../../../src/domain/merge/renamed-environments.ts";
import type { Environment } from "../../../src/domain/model/config/config.ts";

const VALUES = { "Chart.yaml": "c", "requirements.yaml": "r1", "xposer.yaml": "x" };

function environment(name: string, path = name): Environment {
  return { name, path, branch: "main" } as Environment;
}

type Folders = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** `new<-old`, for one merge that changes what is in these folders. */
function paired(before: Folders, after: Folders): readonly string[] {
  const entries = (folders: Folders) =>
    new Map(Object.entries(folders).map(([name, files]) => [name, new Map(Object.entries(files))]));
  const earlier = { environments: Object.keys(before).map((name) => environment(name)) };
  const now = { environments: Object.keys(after).filter((name) => !(name in before)) };
  const { left, come } = renamedInPlace(earlier, {
    environments: now.environments.map((name) => environment(name)),
  });
  const moved = renamedWithFolder({ left, come }, { before: entries(before), after: entries(after) });
  return [...moved].map(([name, one]) => `${name}<-${one.name}`).sort();
}

test("a folder without other files is recognised by its manifests", () => {
  const files = { "Chart.yaml": "c", "requirements.yaml": "r1" };
  expect(paired({ dev: files }, { next: { ...files, "requirements.yaml": "r2" } })).toEqual(["next<-dev"]);
  expect(paired({ dev: files }, { next: { "Chart.yaml": "d", "requirements.yaml": "r2" } })).toEqual([]);
});

test("a promotion from one of them to the other does not take one for the other", () => {
  const prod = { ...VALUES, "requirements.yaml": "r0", "xposer.yaml": "y" };
  const after = {
    development: { ...VALUES, "requirements.yaml": "r2" },
    production: { ...prod, "requirements.yaml": "r1" },
  };
  expect(paired({ dev: VALUES, prod }, after)).toEqual(["development<-dev", "production<-prod"]);
});

test("nothing is paired that has as much in common with another one", () => {
  expect(paired({ dev: VALUES, prod: VALUES }, { one: VALUES, two: VALUES })).toEqual([]);
  expect(paired({ dev: VALUES }, { one: VALUES, two: VALUES })).toEqual([]);
});

test("one that left and one that came have nothing to do with each other when their files have not", () => {
  expect(paired({ dev: VALUES }, { qa: { ...VALUES, "xposer.yaml": "other" } })).toEqual([]);
  expect(paired({ dev: {} }, { qa: VALUES })).toEqual([]);
});

test("a folder that is still there was not moved", () => {
  expect(paired({ dev: VALUES }, { qa: VALUES, dev: VALUES })).toEqual([]);
});
