// The real Helm judges what was edited without it.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Files, Umbrella } from "../../src/domain/model/umbrella.ts";
import { bump } from "../../src/domain/umbrella/bump.ts";
import { lockDigest } from "../../src/domain/umbrella/lock/lock-digest.ts";
import { printLock } from "../../src/domain/umbrella/lock/lock-text.ts";
import { readUmbrella } from "../../src/domain/umbrella/read-umbrella.ts";
import { sameRank } from "../../src/domain/versions/same-rank.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { applied, bumpTo } from "../domain/umbrella/bump-to.ts";
import { type GoldenCase, goldenCases } from "../domain/umbrella/golden-cases.ts";
import { chartSpec, type MadeChart, makeChart, PINS, RANGES } from "../domain/umbrella/umbrella-chart.ts";
import { type OfferedChart, type OfferedCharts, offerCharts } from "./offered-charts.ts";

let helm: string;
let home: string;
let charts: OfferedCharts;

beforeAll(async () => {
  helm = await helmBinary();
  home = await mkdtemp(join(tmpdir(), "helm-lock-"));
  charts = await offerCharts();
}, 60_000);

afterAll(async () => {
  await charts.stop();
  await rm(home, { recursive: true, force: true });
});

interface Answer {
  readonly ok: boolean;
  readonly output: string;
}

function run(folder: string, ...words: readonly string[]): Promise<Answer> {
  const env = {
    HTTP_PROXY: charts.proxy,
    HELM_CACHE_HOME: join(folder, "..", "cache"),
    HELM_CONFIG_HOME: join(folder, "..", "config"),
    HELM_DATA_HOME: join(folder, "..", "data"),
  };
  return new Promise((resolve) => {
    execFile(helm, ["dependency", ...words, folder], { env }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

/** A folder with the chart, and Helm's own folders beside it that know the lock's repositories, the first as `stakater`. */
async function put(name: string, files: Files): Promise<string> {
  const folder = join(home, name, "chart");
  await mkdir(join(home, name, "config"), { recursive: true });
  await writeFile(join(home, name, "config", "repositories.yaml"), repositoriesYaml(files));
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

function repositoriesYaml(files: Files): string {
  const umbrella = readUmbrella(files, new Map());
  const locked = umbrella.ok ? (umbrella.value.lock?.dependencies ?? []) : [];
  const urls = [...new Set(locked.map(({ repository }) => repository))];
  return JSON.stringify({
    apiVersion: "",
    repositories: urls.map((url, index) => ({ name: index === 0 ? "stakater" : `known-${index}`, url })),
  });
}

function lockName(files: Files): string {
  return files.has("requirements.lock") ? "requirements.lock" : "Chart.lock";
}

function withoutTime(lock: string): string {
  return lock.replace(/^generated: .*$/m, "generated:");
}

function flipped(lock: string): string {
  return lock.replace(/sha256:./, (start) => `sha256:${start.endsWith("0") ? "1" : "0"}`);
}

/** What Helm makes of the edited folder. */
async function judge(name: string, files: Files) {
  const [kept, refusal, written] = await Promise.all([
    keep(name, files),
    breakLock(name, files),
    writeLock(name, files),
  ]);
  return { ...kept, refusal, written };
}

async function keep(name: string, files: Files) {
  const folder = await put(`${name}/kept`, files);
  return { build: await run(folder, "build"), list: await run(folder, "list", "--max-col-width", "200") };
}

async function breakLock(name: string, files: Files): Promise<Answer> {
  const lock = lockName(files);
  const folder = await put(`${name}/broken`, new Map(files).set(lock, flipped(files.get(lock) ?? "")));
  return run(folder, "build");
}

/** The lock that Helm writes without having one; empty when it does not. */
async function writeLock(name: string, files: Files): Promise<string> {
  const folder = await put(`${name}/fresh`, files);
  await rm(join(folder, lockName(files)));
  await run(folder, "update");
  return readFile(join(folder, lockName(files)), "utf8").catch(() => "");
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

function offeredFor({ spec }: MadeChart): readonly OfferedChart[] {
  return spec.entries.flatMap(({ version }, index) => {
    const versions = index === spec.target ? [version.old, version.next] : [version.old];
    return versions.map((each) => ({ name: `chart-${index}`, version: each }));
  });
}

const GENERATED = 200;

describe(`for ${GENERATED} generated umbrella charts`, () => {
  test("helm accepts the lock, refuses it with one digit flipped, lists the version and writes the same lock", async () => {
    const specs = fc.sample(chartSpec([...PINS, ...RANGES]), { numRuns: GENERATED, seed: 7 });
    let judged = 0;
    await eachOf([...specs.entries()], async ([index, spec]) => {
      const chart = makeChart(spec, `made-${index}`);
      charts.offer(chart.repository, offeredFor(chart));
      const { next = "", after = "" } = spec.entries[spec.target]?.version ?? {};
      const bumped = bump(chart.files, bumpTo([{ index: spec.target, version: next }]));
      if (!bumped.ok) throw new Error(JSON.stringify(bumped.problems));
      const files = applied(chart.files, bumped.value.edits);
      const verdict = await judge(`made-${index}`, files);
      expect(complaint(verdict.build)).toBe("");
      expect(verdict.refusal.output).toContain("out of sync");
      expect(verdict.refusal.ok).toBe(false);
      expect(verdict.list.output.replace(/[ \t]+/g, " ")).toContain(
        `chart-${spec.target} ${after} ${chart.repository} ok`,
      );
      expect(withoutTime(files.get(lockName(files)) ?? "")).toBe(withoutTime(verdict.written));
      judged += 1;
    });
    expect(judged).toBe(GENERATED);
  }, 180_000);
});

/** Cases that Helm can build: with a lock, and with charts that a repository offers. */
const built = goldenCases().filter(({ after, oracle }) => after !== undefined && oracle !== undefined);

describe(`for ${built.length} umbrella charts written by hand`, () => {
  test("there are at least 40", () => expect(built.length).toBeGreaterThanOrEqual(40));

  test.each(built.map((golden) => [golden.name, golden] as const))("%s", async (name, golden) => {
    const { dependencies } = offerLocked(golden);
    const files = golden.after ?? new Map();
    const verdict = await judge(name, files);
    expect(complaint(verdict.build)).toBe("");
    expect(complaint(verdict.refusal)).not.toBe("");
    for (const { name, version } of dependencies) {
      expect(verdict.list.output.replace(/[ \t]+/g, " ")).toContain(`${name} ${version.trim()} `);
    }
    if (golden.oracle !== "same-lock") return;
    expect(withoutTime(files.get(lockName(files)) ?? "")).toBe(withoutTime(verdict.written));
  });
});

function complaint({ ok, output }: Answer): string {
  return ok ? "" : output || "it failed without a word";
}

/** Offers exactly what the lock names; one case at a time, because they all name the same repository. */
function offerLocked({ name, after }: GoldenCase): Umbrella {
  const umbrella = readUmbrella(after ?? new Map(), new Map());
  if (!umbrella.ok) throw new Error(`${name}: ${JSON.stringify(umbrella.problems)}`);
  const byUrl = Map.groupBy(umbrella.value.lock?.dependencies ?? [], ({ repository }) => repository);
  for (const [repository, locked] of byUrl) charts.offer(repository, locked);
  return umbrella.value;
}

test("where its repository is added, helm downloads another build of the locked version", async () => {
  const repository = "http://charts.example.com/builds";
  const versions = ["1.1.0+b1", "1.1.0+b2"];
  charts.offer(
    repository,
    versions.map((version) => ({ name: "billing", version })),
  );
  const dependencies = [{ name: "billing", version: "1.1.0+b2", repository }];
  const digest = lockDigest("helm3", { required: dependencies, locked: dependencies });
  const folder = await put(
    "builds",
    new Map([
      [
        "Chart.yaml",
        `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- name: billing\n  version: 1.1.0+b2\n  repository: ${repository}\n`,
      ],
      ["Chart.lock", printLock({ dependencies, digest, generated: new Date(0) })],
    ]),
  );
  expect(complaint(await run(folder, "build"))).toBe("");
  expect(await readdir(join(folder, "charts"))).toEqual(["billing-1.1.0+b1.tgz"]);
  expect(sameRank("1.1.0+b2", versions)).toEqual(["1.1.0+b1"]);
});
