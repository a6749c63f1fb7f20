// What a merge moved is told by name, whatever the places in manifest and lock.

import { expect, test } from "@jest/globals";
import { movedBetween } from "../../../src/domain/merge/moved-versions.ts";
import type { Umbrella } from "../../../src/domain/model/umbrella.ts";

const repository = "https://charts.example.com";
const AA = { name: "aa", version: "1.0.0", repository };
const BB = { name: "bb", version: "2.0.0", repository };

function umbrella(dependencies: Umbrella["dependencies"], locked: Umbrella["dependencies"]): Umbrella {
  return {
    ...{ apiVersion: "v2", name: "umbrella", version: "1.0.0", manifest: "Chart.yaml" },
    dependencies,
    lock: { file: "Chart.lock", dependencies: locked, digest: "" },
  };
}

test("a dependency put before another with the old lock left moves to its own version", () => {
  expect(movedBetween(umbrella([AA], [AA]), umbrella([BB, AA], [AA]))).toEqual([
    { chart: "bb", from: "", to: "2.0.0" },
  ]);
});

test("a range moves when its lock does", () => {
  const range = { ...AA, version: "^1.0" };
  expect(movedBetween(umbrella([range], [AA]), umbrella([range], [{ ...AA, version: "1.2.0" }]))).toEqual([
    { chart: "aa", from: "1.0.0", to: "1.2.0" },
  ]);
});

test("a dependency that is taken out moves to nothing", () => {
  expect(movedBetween(umbrella([AA, BB], [AA, BB]), umbrella([AA], [AA]))).toEqual([
    { chart: "bb", from: "2.0.0", to: "" },
  ]);
});

test("aliases of one chart that move alike are one move", () => {
  const both = (version: string) => [
    { ...AA, version, alias: "one" },
    { ...AA, version, alias: "two" },
  ];
  expect(
    movedBetween(umbrella(both("1.0.0"), both("1.0.0")), umbrella(both("1.1.0"), both("1.1.0"))),
  ).toEqual([{ chart: "aa", from: "1.0.0", to: "1.1.0" }]);
});
