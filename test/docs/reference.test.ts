// The reference names all that the code has, and nothing that it has not.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { Command } from "commander";
import { createMetrics } from "../../src/adapters/http/metrics.ts";
import { addCommands } from "../../src/cli/modules.ts";
import { PROBLEM_CODES } from "../../src/domain/model/problem.ts";
import { jsonSchemas } from "../../src/settings/json-schemas.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = readFileSync(join(ROOT, "docs/reference.md"), "utf8");

/** What stands below a heading of the second rank. */
function section(heading: string): string {
  const found = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`the reference has no "${heading}"`);
  return found;
}

/** In the first column of its table; what stands in parentheses there says more of them. */
function firstColumn(heading: string): readonly string[] {
  return [...section(heading).matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = ""]) =>
    [...cell.replaceAll(/\([^)]*\)/g, "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

/** The sources of the product, without comments. */
const SOURCES = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/^(sandbox|tools)\//.test(file))
  .map((file) => readFileSync(join(ROOT, "src", file), "utf8").replaceAll(/^\s*(\/\/|\/?\*).*$/gm, ""))
  .join("\n");

test("every problem code, and no other; each is one that the product tells", () => {
  expect(firstColumn("Problem codes").toSorted()).toEqual(PROBLEM_CODES.toSorted());
  const uses = (code: string) => SOURCES.split(`"${code}"`).length - 1;
  expect(PROBLEM_CODES.filter((code) => uses(code) < 2)).toEqual([]);
});

test("every metric, and no other", async () => {
  const metrics = createMetrics();
  const none = async () => [];
  metrics.readQueueFrom(async () => ({ due: 0, later: 0, running: 0, dead: 0 }));
  metrics.readBudgetsFrom(() => []);
  metrics.readLastWebhookFrom(() => undefined);
  metrics.readFailingPollsFrom(none);
  metrics.readDriftFrom(async () => ({ watched: [], healed: [] }));
  metrics.readDeliveryFrom({ rows: none, oldestDue: async () => undefined, clock: () => new Date() });
  const names = [...(await metrics.text()).matchAll(/^# TYPE chart_promoter_(\S+)/gm)].map(
    ([, name = ""]) => name,
  );
  expect(firstColumn("Metrics").toSorted()).toEqual(names.toSorted());
});

/** Of all objects within a schema; names that people choose are none. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties = {} } = Object(schema);
  return [...Object.keys(properties), ...Object.values(schema).flatMap(keysOf)];
}

test.each([
  ["server.json", "server.yaml"],
  ["chart-promoter.json", ".github/chart-promoter.yml"],
])("every key of %s", (name, heading) => {
  const keys = [...new Set(keysOf(jsonSchemas().get(name)))];
  expect(keys.length).toBeGreaterThan(20);
  const text = section(heading);
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
});

test("every environment variable that the product reads by name", () => {
  const read = [...SOURCES.matchAll(/env\["([A-Z_]+)"\]/g)].map(([, name = ""]) => name);
  const text = section("Environment");
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("every command with its options, and no other", async () => {
  const program = new Command();
  await addCommands(program, "");
  const rows = [...section("Command line").matchAll(/^\| `([a-z]+)(.*)$/gm)];
  const text = new Map(rows.map(([, name = "", rest = ""]) => [name, rest]));
  expect([...text.keys()].toSorted()).toEqual(program.commands.map((one) => one.name()).toSorted());
  const missing = program.commands.flatMap((command) =>
    command.options
      .map(({ long }) => long ?? "")
      .filter(
        (long) => long !== "--json" && !new RegExp(`${long}(?![\\w-])`).test(text.get(command.name()) ?? ""),
      )
      .map((long) => `${command.name()} ${long}`),
  );
  expect(missing).toEqual([]);
});
