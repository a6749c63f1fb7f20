// Which version of a dependency Helm installs: the text where it is exact, else what the lock says of that dependency.

import { expect, test } from "@jest/globals";
import type { Dependency, LockedDependency, Umbrella } from "../../../src/domain/model/umbrella.ts";
import { currentVersion, installedVersion } from "../../../src/domain/umbrella/installed-version.ts";

const repository = "https://charts.example.com";

function umbrella(dependencies: readonly string[], locked?: readonly string[]): Umbrella {
  const entry = (text: string): Dependency & LockedDependency => {
    const [name = "", version = "", alias] = text.split(" ");
    return { name, version, repository, ...(alias !== undefined && { alias }) };
  };
  return {
    apiVersion: "v2",
    name: "umbrella",
    version: "1.0.0",
    manifest: "Chart.yaml",
    dependencies: dependencies.map(entry),
    ...(locked && { lock: { file: "Chart.lock", dependencies: locked.map(entry), digest: "" } }),
  };
}

test.each([
  ["an exact version, without a lock", umbrella(["aa 1.0.0"]), "1.0.0"],
  ["an exact version written with =", umbrella(["aa =1.0.0"]), "1.0.0"],
  ["a range, as the lock has it", umbrella(["aa ^1.0"], ["aa 1.4.2"]), "1.4.2"],
  ["a range without a lock", umbrella(["aa ^1.0"]), undefined],
  ["an exact version that the lock lags behind", umbrella(["aa 2.0.0"], ["aa 1.0.0"]), "2.0.0"],
  ["a range that the lock lags behind", umbrella(["aa ^2.0"], ["aa 1.0.0"]), undefined],
  ["the build that the lock names", umbrella(["aa 1.1.0"], ["aa 1.1.0+b2"]), "1.1.0+b2"],
  [
    "before another, put there with the old lock left",
    umbrella(["bb 2.0.0", "aa 1.0.0"], ["aa 1.0.0"]),
    "2.0.0",
  ],
  [
    "a range put before another with the old lock left",
    umbrella(["bb ^2.0", "aa 1.0.0"], ["aa 1.0.0"]),
    undefined,
  ],
  [
    "a range whose place in the lock moved",
    umbrella(["aa ^1.0", "bb 2.0.0"], ["bb 2.0.0", "aa 1.4.2"]),
    "1.4.2",
  ],
  [
    "one of two aliases, each with a lock of its own",
    umbrella(["aa ^1.0 one", "aa ^2.0 two"], ["aa 1.4.2", "aa 2.1.0"]),
    "1.4.2",
  ],
])("%s", (_, chart, expected) => {
  expect(installedVersion(chart, 0)).toBe(expected);
});

test("the second of two aliases has the lock of its own", () => {
  const chart = umbrella(["aa ^1.0 one", "aa ~1.4 two"], ["aa 1.9.0", "aa 1.4.2"]);
  expect([installedVersion(chart, 0), installedVersion(chart, 1)]).toEqual(["1.9.0", "1.4.2"]);
});

test("where nothing tells the version, nothing below the lowest that the range names may be proposed", () => {
  expect(currentVersion(umbrella(["aa >=1.2.0,<3"]), 0)?.original).toBe("1.2.0");
  expect(currentVersion(umbrella(["aa *"]), 0)).toBeUndefined();
  expect(currentVersion(umbrella(["aa ^1.0"], ["aa 1.4.2"]), 1)).toBeUndefined();
});
