// Environments of one repository, side by side: how many at once, in which order, and what a failure of one stops.

import { expect, test } from "@jest/globals";
import { parseConfig } from "../../src/domain/config/parse.ts";
import type { Environment } from "../../src/domain/model/config/config.ts";
import { sideBySide } from "../../src/reconcile/promotion/side-by-side.ts";

/** By name, what each comes after. */
function environments(after: Readonly<Record<string, string | undefined>>): readonly Environment[] {
  const entries = Object.entries(after).map(
    ([name, before]) => `  ${name}: { path: ${name}${before === undefined ? "" : `, after: ${before}`} }\n`,
  );
  const parsed = parseConfig(`environments:\n${entries.join("")}`, {
    ...{ defaultBranch: "main", deployers: [], repository: "acme/config", file: "config.yml" },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value.environments;
}

/** What was begun and ended, in that order; each takes some turns of the event loop. */
function recorder(fails?: string) {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const work = async ({ name }: Environment) => {
    log.push(`${name} begins`);
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (name === fails) throw new Error(`${name} fails`);
    log.push(`${name} ends`);
    return name;
  };
  return { log, work, most: () => most, running: () => running };
}

test("eight at once, answered in the order of the config file", async () => {
  const names = Array.from({ length: 20 }, (_, n) => `env-${n}`);
  const { work, most } = recorder();
  const all = environments(Object.fromEntries(names.map((name) => [name, undefined])));
  expect(await sideBySide(all, work)).toEqual(names);
  expect(most()).toBe(8);
});

test("up to eight one after the other, as the config file has them", async () => {
  const names = Array.from({ length: 8 }, (_, n) => `env-${n}`);
  const { log, work, most } = recorder();
  await sideBySide(environments(Object.fromEntries(names.map((name) => [name, undefined]))), work);
  expect(most()).toBe(1);
  expect(log.filter((line) => line.endsWith("begins"))).toEqual(names.map((name) => `${name} begins`));
});

test("each after the one that its `after` names, wherever that stands; what another repository has is waited for by nobody", async () => {
  const { log, work } = recorder();
  const all = environments({ prod: "staging", staging: "dev", dev: undefined, eu: "acme/other#dev" });
  expect(await sideBySide(all, work)).toEqual(["prod", "staging", "dev", "eu"]);
  const at = (line: string) => log.indexOf(line);
  expect(at("staging begins")).toBeGreaterThan(at("dev ends"));
  expect(at("prod begins")).toBeGreaterThan(at("staging ends"));
  expect(at("eu begins")).toBeLessThan(at("staging begins"));
});

test("after a throw nothing new is begun, and what was begun has ended", async () => {
  const names = Array.from({ length: 20 }, (_, n) => `env-${n}`);
  const { log, work, running } = recorder("env-2");
  const all = environments(Object.fromEntries(names.map((name) => [name, undefined])));
  await expect(sideBySide(all, work)).rejects.toThrow("env-2 fails");
  expect(running()).toBe(0);
  expect(log.filter((line) => line.endsWith("begins")).length).toBeLessThan(12);
});
