// What drift.sh decides without a cluster: jq programs over made-up histories and rows.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { withoutIgnored } from "../../../src/domain/drift/ignore.ts";
import type { DriftedResource } from "../../../src/domain/model/drift.ts";
import { parseDriftReport } from "../../../src/reconcile/drift/drift-report.ts";
import { fixtures } from "../../fixtures/run-script.ts";
import { lineOf } from "../../support/deployment-desk.ts";

const ci = join(fixtures, "config-repository/ci");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "decisions-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function jq(given: readonly string[], input: unknown = null): Promise<unknown> {
  const file = join(folder, "input.json");
  await writeFile(file, JSON.stringify(input));
  return new Promise((resolve, reject) =>
    execFile("jq", ["--compact-output", "-L", ci, ...given, file], (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(error),
    ),
  );
}

const MINUTE_MS = 60_000;
/** As Helm writes times, in a zone an hour ahead. */
function minutesAgo(minutes: number): string {
  const local = new Date(Date.now() - minutes * MINUTE_MS + 60 * MINUTE_MS);
  return local.toISOString().replace("Z", "123+01:00");
}

const revision = (number: number, description: string, [status, minutes]: [string, number]) => ({
  revision: number,
  description,
  status,
  updated: minutesAgo(minutes),
});
const ours = revision(1, "deployment 7: xposer=1.0.0", ["deployed", 100]);
const before = { ...ours, status: "superseded" };
const same = { baseline: 1, change: "changed" };

describe("the release's history", () => {
  it.each([
    ["as deployed", [ours], { baseline: 1, newest: 1, change: "none", fields: [] }],
    ["no release", [], { baseline: null, newest: null, change: "missing", fields: [] }],
    [
      "upgraded by hand",
      [before, revision(2, "Upgrade complete", ["deployed", 1])],
      { ...same, newest: 2, fields: ["deployment"] },
    ],
    [
      "rolled back by hand",
      [before, revision(2, "Rollback to 1", ["deployed", 1])],
      { ...same, newest: 2, fields: ["deployment"] },
    ],
    [
      "failed by hand",
      [ours, revision(2, "Upgrade failed", ["failed", 1])],
      { ...same, newest: 2, fields: ["deployment", "status"] },
    ],
    [
      "deployed by something that does not say which deployment it is",
      [revision(1, "Install complete", ["deployed", 100])],
      { baseline: null, newest: 1, change: "changed", fields: ["deployment"] },
    ],
    [
      "a deployment whose number begins the same",
      [revision(1, "deployment 77: x", ["deployed", 100])],
      { baseline: null, newest: 1, change: "changed", fields: ["deployment"] },
    ],
    [
      "an upgrade under way",
      [ours, revision(2, "Preparing upgrade", ["pending-upgrade", 29])],
      { wait: "revision 2 is pending-upgrade" },
    ],
    [
      "an upgrade that was killed long ago",
      [ours, revision(2, "Preparing upgrade", ["pending-upgrade", 31])],
      { ...same, newest: 2, fields: ["deployment", "status"] },
    ],
    [
      "the next deployment, not reported yet",
      [before, revision(2, "deployment 8: xposer=1.1.0", ["deployed", 1])],
      { wait: "deployment 8 is newer, and chart-promoter does not count it as succeeded" },
    ],
    [
      "the next deployment, never reported",
      [before, revision(2, "deployment 8: xposer=1.1.0", ["deployed", 40])],
      { ...same, newest: 2, fields: ["deployment"] },
    ],
  ])("%s", async (_name, history, expected) => {
    const given = [
      "--arg",
      "deployment",
      "7",
      "--arg",
      "within",
      "30",
      "--from-file",
      join(ci, "release.jq"),
    ];
    expect(await jq(given, history)).toEqual(expected);
  });
});

/** A row of compare.jq. */
interface Row extends Omit<DriftedResource, "change" | "fields"> {
  readonly change: DriftedResource["change"] | "none";
  readonly fields?: readonly { readonly field: string; readonly manager?: string; readonly since?: string }[];
  readonly added?: readonly object[];
}

/** What is reported of these rows, as the server reads it. */
async function reported(
  rows: readonly Row[],
  ignore: readonly string[] = [],
): Promise<readonly DriftedResource[]> {
  const input = join(folder, "asked.json");
  await writeFile(input, JSON.stringify({ environment: "dev", revision: "f".repeat(40), ignore }));
  const [listed, release] = [join(folder, "rows.json"), join(folder, "release.json")];
  await writeFile(listed, JSON.stringify(rows));
  await writeFile(release, JSON.stringify({ change: "none", fields: [] }));
  const files = ["--slurpfile", "asked", input, "--slurpfile", "rows", listed];
  const more = ["--slurpfile", "release", release, "--arg", "namespace", "dev"];
  const report = await jq([...files, ...more, "--from-file", join(ci, "report.jq")]);
  expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(1024 * 1024);
  const parsed = await parseDriftReport(report);
  expect(parsed).toMatchObject({ ok: true });
  return parsed.ok ? parsed.value.resources : [];
}

describe("what people want ignored", () => {
  const rows: readonly Row[] = [
    {
      kind: "Deployment",
      namespace: "dev",
      name: "web",
      change: "changed",
      fields: [
        { field: "spec.replicas", manager: "kubectl", since: "2026-01-01T00:00:00Z" },
        { field: "metadata.annotations[a/b]", manager: "mesh", since: "2026-01-02T00:00:00Z" },
      ],
    },
    { kind: "ConfigMap", namespace: "dev", name: "gone", change: "missing" },
    { kind: "Widget", namespace: "dev", name: "w", change: "unknown" },
    {
      kind: "Service",
      namespace: "dev",
      name: "s",
      change: "none",
      fields: [],
      added: [{ field: "spec.x" }],
    },
  ];

  const lines = async (ignore: readonly string[]) => (await reported(rows, ignore)).map(lineOf);

  it.each([
    [
      [],
      [
        "changed Deployment/web spec.replicas,metadata.annotations[a/b] by mesh",
        "missing ConfigMap/gone",
        "unknown Widget/w",
      ],
    ],
    [
      ["*/*:metadata.annotations"],
      ["changed Deployment/web spec.replicas by kubectl", "missing ConfigMap/gone", "unknown Widget/w"],
    ],
    [["Deployment/w?b:spec.repl*", "*/*:metadata.annotations[a/?]", "ConfigMap/*:*"], ["unknown Widget/w"]],
    [
      ["Deployment/we:spec.replicas", "Deployment/web:spec.rep", "ConfigMap/gone:data", "Widget/w:*"],
      ["changed Deployment/web spec.replicas,metadata.annotations[a/b] by mesh", "missing ConfigMap/gone"],
    ],
  ])("%j", async (ignore, expected) => {
    expect(await lines(ignore)).toEqual(expected);
  });

  it("is what the server ignores too", async () => {
    const word = fc.constantFrom("web", "system:web", "spec", "data", "a.b/c", "x:data.y");
    const path = fc.array(word, { minLength: 1, maxLength: 3 }).map(pathOf);
    const resource = fc.record({
      kind: fc.constantFrom("Deployment", "Role"),
      name: fc.constantFrom("web", "system:web", "web.data"),
      change: fc.constantFrom("changed", "missing", "unknown"),
      fields: fc.uniqueArray(path, { maxLength: 4 }),
    });
    const glob = (texts: readonly string[]) => fc.constantFrom("*", "?eb", "s*", ...texts);
    const rule = fc
      .tuple(
        glob(["Role", "Deploy*"]),
        glob(["web", "system:*"]),
        glob(["spec", "data", "spec.*", "*[a.b/?]"]),
      )
      .map(([kind, name, field]) => `${kind}/${name}:${field}`);
    const resources = fc.array(resource, { minLength: 20, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(resources, fc.array(rule, { maxLength: 3 }), async (found, ignore) => {
        const differences = found.map(({ fields, ...one }) =>
          fields.length === 0 ? one : { ...one, fields },
        );
        const asRows = found.map(({ fields, ...one }) => ({
          ...one,
          fields: fields.map((field) => ({ field })),
        }));
        expect(await reported(asRows, ignore)).toEqual(withoutIgnored(differences, ignore));
      }),
      { numRuns: 40, seed: 1 },
    );
  }, 120_000);
});

/** As differences.jq writes it. */
function pathOf(steps: readonly string[]): string {
  return steps
    .map((step, at) => (/^\w+$/.test(step) ? (at === 0 ? step : `.${step}`) : `[${step}]`))
    .join("");
}

describe("what is more than the server takes", () => {
  const row = (name: string, fields: readonly string[]): Row => ({
    ...{ kind: "ConfigMap", namespace: "dev", name, change: "changed" },
    fields: fields.map((field) => ({ field, manager: "kubectl", since: "2026-01-01T00:00:00Z" })),
  });
  const many = (count: number, length: number) =>
    Array.from({ length: count }, (_, n) => `data.${"x".repeat(length)}${n}`);

  it.each([
    [
      "a field's path",
      [row("a", [`spec.volumes[${"/deep.er".repeat(100)}].name`])],
      ["changed ConfigMap/a spec.volumes by kubectl"],
    ],
    [
      "one resource's fields",
      [row("a", many(1001, 5)), row("b", ["spec.x"])],
      ["changed ConfigMap/a data by kubectl", "changed ConfigMap/b spec.x by kubectl"],
    ],
    [
      "all fields together",
      [row("a", many(900, 480)), row("b", many(900, 480)), row("c", many(900, 480))],
      ["a", "b", "c"].map((name) => `changed ConfigMap/${name} data by kubectl`),
    ],
  ])("%s: the one that it stands in", async (_name, rows, expected) => {
    expect((await reported(rows)).map(lineOf)).toEqual(expected);
  });

  it("resources: those that there is room for", async () => {
    const rows = Array.from({ length: 12_000 }, (_, n) => row(`config-map-${n}`, ["data.colour"]));
    expect((await reported(rows)).length).toBeGreaterThanOrEqual(4000);
  });

  it("takes names for what they are, whatever stands in them", async () => {
    const volumes = (x: number) => [{ name: "a]b", x }];
    const was = { spec: { "odd[0]": 1, "line\nbreak": 1, list: [] }, volumes: volumes(1) };
    const program = `include "differences"; [differing($was[0]; {spec: {}, volumes: ${JSON.stringify(volumes(2))}}; []) | shown]`;
    const file = join(folder, "was.json");
    await writeFile(file, JSON.stringify(was));
    const found = await jq(["--slurpfile", "was", file, program]);
    const paths = Array.isArray(found) ? found.map(String) : [];
    expect(paths).toEqual(["spec[line?break]", "spec.list", "spec[odd?0?]", "volumes[a?b].x"]);
    expect((await reported([row("a", paths)])).map(({ fields }) => fields)).toEqual([paths]);
  });
});
