// What a person with write access to one repository can do: its files are theirs. They are read with a budget, away from
// the event loop, and what cannot be read is told in their own repository.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { MALLORY, MUSEUM_URL, startTarget, type Target } from "../target.ts";

let target: Target;
let versions = 0;
beforeAll(async () => {
  target = await startTarget();
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

/** Far less than GitHub gives at once (512,000 bytes), and still a second's work. */
const LARGE = 200_000;
const CONFIG = ".github/chart-promoter.yml";
const CONFIG_BYTES = 65_000;

function filled(bytes: number, head: string, line: (n: number) => string): string {
  let text = head;
  for (let n = 0; text.length < bytes - 100; n++) text += line(n);
  return text;
}

const OWN = `dependencies:\n  - name: mallory\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
const LARGE_MAP = `&a {${Array.from({ length: 3_000 }, (_, n) => `k${n}: 1`).join(", ")}}`;
const BILLION = Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join("");

function versionOf(version: string): string {
  return OWN.replace("1.0.0", JSON.stringify(version));
}

const FILES: readonly (readonly [what: string, path: string, text: string])[] = [
  [
    "unknown keys",
    CONFIG,
    filled(CONFIG_BYTES, "environments:\n  dev:\n    path: dev\n", (n) => `    key${n}: 1\n`),
  ],
  [
    "more unknown keys than it may hold",
    CONFIG,
    filled(120_000, "environments:\n  dev:\n", (n) => `    key${n}: 1\n`),
  ],
  [
    "a ring of environments",
    CONFIG,
    filled(CONFIG_BYTES, "environments:\n", (n) => `  e${n}: {after: e${n + 1}}\n`),
  ],
  [
    "a ring of 499 environments",
    CONFIG,
    `environments:\n${Array.from({ length: 499 }, (_, n) => `  e${n}: {path: p${n}, after: e${(n + 1) % 499}}\n`).join("")}`,
  ],
  [
    "wrong freezes",
    CONFIG,
    filled(CONFIG_BYTES, "environments: {dev: {path: dev, freeze: [{}", () => ",{from: 1}"),
  ],
  [
    "values for each of many charts",
    CONFIG,
    filled(
      CONFIG_BYTES,
      "environments:\n  dev:\n    path: dev\n    charts:\n",
      (n) => `      c${n}: {values: {a: 1}}\n`,
    ),
  ],
  [
    "names of values files without end",
    CONFIG,
    `environments:\n  dev: {path: dev, valuesFiles: [${Array.from({ length: 4_000 }, (_, n) => `${n}{chart}.yaml`).join(",")}]}\n`,
  ],
  ["deep lists", CONFIG, `environments: ${"[".repeat(30_000)}`],
  ["one long key", CONFIG, `environments:\n  dev:\n    path: dev\n    ${"x".repeat(60_000)}: 1\n`],
  [
    "2,000 dependencies",
    "dev/requirements.yaml",
    filled(LARGE, OWN, (n) => `  - {name: n${n}, version: 1.0.0, repository: "https://x.example.com"}\n`),
  ],
  // Short enough that they are looked at without a thread.
  ["a version of blanks", "dev/requirements.yaml", versionOf(`${" ".repeat(7_000)}x y`)],
  ["a version of digits", "dev/requirements.yaml", versionOf("1".repeat(7_000))],
  ["a number of zeros", "dev/requirements.yaml", `${OWN}junk: 0x${"0".repeat(7_000)}x\n`],
  ["a line of 7,000 characters", "dev/requirements.yaml", `${OWN}junk: {${"a: 1, ".repeat(1_100)}}\n`],
  ["values of empty lines", "dev/values.yaml", `${"\n".repeat(7_000)}#\n`],
  ["a file where Helm has a folder", "dev/charts", "not a folder\n"],
  ["a folder where Helm has an archive", "dev/charts/mallory-1.0.0.tgz/x", "not an archive\n"],
  ["lists of nothing", "dev/requirements.yaml", `${OWN}junk: [${"{},".repeat(65_000)}1]\n`],
  [
    "merges of a large map",
    "dev/requirements.yaml",
    filled(LARGE, `${OWN}a: ${LARGE_MAP}\nb:\n`, () => "  - <<: *a\n"),
  ],
  ["aliases of aliases", "dev/requirements.yaml", `${OWN}a0: &a0 [x, x]\n${BILLION}`],
  ["deep lists", "dev/requirements.yaml", `${OWN}junk: ${"[".repeat(200_000)}`],
  [
    "a lock of 200 kB",
    "dev/requirements.lock",
    filled(
      LARGE,
      `digest: sha256:${"0".repeat(64)}\ndependencies:\n`,
      (n) => `- {name: n${n}, version: 1.0.0, repository: ""}\n`,
    ),
  ],
];

describe.each(FILES)("%s in %s", (_what, path, text) => {
  test("keep nobody else waiting", async () => {
    await target.github.webhooks.idle();
    await target.longestBlock();
    const mallory = target.github.as("mallory");
    mallory.push(MALLORY.repository, { branch: "main", files: { [path]: text } });
    versions += 1;
    const { id } = await target.release(MALLORY, { version: `1.0.${versions}` });
    const { answeredMs } = await target.alicesTurn();
    expect(answeredMs).toBeLessThan(1_000);
    expect(await target.settled(MALLORY, id)).toMatchObject({ state: "verified" });
    expect(await target.longestBlock()).toBeLessThan(100);
    mallory.push(MALLORY.repository, { branch: "main", files: { [path]: usual(path) } });
  }, 90_000);
});

test("files of 500 kB in each of fifty environments keep nobody else waiting", async () => {
  const names = Array.from({ length: 50 }, (_, n) => `e${n}`);
  const environments = names.map((name) => `  ${name}: {path: ${name}, charts: [none]}\n`).join("");
  const files = names.flatMap((name) => [
    [`${name}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    [`${name}/requirements.yaml`, OWN],
    [`${name}/values.yaml`, "a: 1\n".repeat(100_000)],
  ]);
  const mallory = target.github.as("mallory");
  mallory.push(MALLORY.repository, {
    branch: "main",
    files: { [CONFIG]: `environments:\n${environments}`, ...Object.fromEntries(files) },
  });
  expect(await looked()).toBeLessThan(100);
  mallory.push(MALLORY.repository, { branch: "main", files: { [CONFIG]: usual(CONFIG) } });
}, 90_000);

test("commits with messages of 1.5 MB, of what JSON says with six characters, keep nobody else waiting", async () => {
  await looked();
  const mallory = target.github.as("mallory");
  const message = `Change\n\n${"\u0001".repeat(1_500_000)}`;
  for (let n = 0; n < 3; n++)
    mallory.push(MALLORY.repository, { branch: "promote/dev/mallory", files: { "dev/n": `${n}` }, message });
  expect(await looked()).toBeLessThan(100);
  mallory.deleteBranch(MALLORY.repository, "promote/dev/mallory");
}, 90_000);

function openIssues(): readonly string[] {
  const issues = target.github.repository(MALLORY.repository).issues();
  return issues.flatMap(({ state, title }) => (state === "open" && /open all/.test(title) ? [title] : []));
}

/** An issue is closed by a requeue where GitHub shows its newest text late. */
async function untilIssuesAre(issues: readonly string[]): Promise<void> {
  const end = Date.now() + 20_000;
  while (JSON.stringify(openIssues()) !== JSON.stringify(issues) && Date.now() < end) await sleep(100);
  expect(openIssues()).toEqual(issues);
}

interface Many {
  readonly environments: number;
  readonly charts: number;
}

/** Files of so many environments with so many charts each. */
function manyCharts({ environments, charts }: Many): Readonly<Record<string, string>> {
  const names = Array.from({ length: environments }, (_, n) => `e${n}`);
  const config = names.map((name) => `  ${name}: {path: ${name}, charts: [none]}\n`).join("");
  const entries = Array.from({ length: charts - 1 }, (_, n) =>
    OWN.replace("mallory", `mallory-${n}`).split("\n").slice(1).join("\n"),
  );
  const files = names.flatMap((name) => [
    [`${name}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    [`${name}/requirements.yaml`, `${OWN}${entries.join("")}`],
  ]);
  return { [CONFIG]: `environments:\n${config}`, ...Object.fromEntries(files) };
}

/** A hundred, and what a major collection of V8 takes by itself at the size of heap that so many charts make. */
const OF_MANY_CHARTS_MS = 200;

/** What puts the repository back as the next test expects it, also where a test of many charts fails. */
let restored: Readonly<Record<string, string | null>> = {};
afterEach(() => {
  if (Object.keys(restored).length > 0)
    target.github.as("mallory").push(MALLORY.repository, { branch: "main", message: "Few", files: restored });
  restored = {};
});

test.each([
  ["thirty", 30, []],
  ["forty", 40, ["chart-promoter cannot open all promotions"]],
])(
  "nearly five hundred environments with %s charts each keep nobody else waiting",
  async (_what, charts, issues) => {
    await target.idle();
    await target.longestBlock();
    const files = manyCharts({ environments: 490, charts });
    const mallory = target.github.as("mallory");
    mallory.push(MALLORY.repository, { branch: "main", message: "Many", files });
    const gone = Object.keys(files).map((path) => [path, null]);
    restored = { ...Object.fromEntries(gone), [CONFIG]: usual(CONFIG) };
    await target.github.webhooks.idle();
    const { answeredMs } = await target.alicesTurn();
    expect(answeredMs).toBeLessThan(1_000);
    // Each of the pull requests that are open is judged, and one that changes a hundred environments.
    const values = Array.from({ length: 100 }, (_, n) => [`e${n}/values.yaml`, "a: 1\n"]);
    mallory.push(MALLORY.repository, { branch: `all-${charts}`, files: Object.fromEntries(values) });
    mallory.openPullRequest(MALLORY.repository, { head: `all-${charts}`, base: "main", title: "All" });
    await target.github.webhooks.idle();
    await target.idle();
    expect(checkRunsOf(`all-${charts}`)).toEqual(["success"]);
    await target.alicesTurn();
    await untilIssuesAre(issues);
    expect(await target.longestBlock()).toBeLessThan(OF_MANY_CHARTS_MS);
  },
  300_000,
);

test.each([
  ["a thousand", 1_000, []],
  ["six thousand", 6_000, ["chart-promoter cannot open all promotions"]],
])(
  "one environment with %s charts, and pull requests for it, keeps nobody else waiting",
  async (_what, charts, issues) => {
    await target.idle();
    await target.longestBlock();
    const entries = Array.from(
      { length: charts - 1 },
      (_, n) => `  - {name: mallory-${n}, version: 1.0.0, repository: "${MUSEUM_URL}"}\n`,
    );
    const mallory = target.github.as("mallory");
    mallory.push(MALLORY.repository, {
      ...{ branch: "main", message: "Many charts" },
      files: { "dev/requirements.yaml": `${OWN}${entries.join("")}` },
    });
    restored = { "dev/requirements.yaml": OWN };
    versions += 1;
    const { id } = await target.release(MALLORY, { version: `1.0.${versions}` });
    const { answeredMs } = await target.alicesTurn();
    expect(answeredMs).toBeLessThan(1_000);
    mallory.push(MALLORY.repository, { branch: `values-${charts}`, files: { "dev/values.yaml": "a: 1\n" } });
    mallory.openPullRequest(MALLORY.repository, { head: `values-${charts}`, base: "main", title: "Values" });
    await target.github.webhooks.idle();
    await target.idle();
    expect(checkRunsOf(`values-${charts}`)).toEqual(["success"]);
    expect(await target.settled(MALLORY, id)).toMatchObject({ settled: true, state: "verified" });
    await untilIssuesAre(issues);
    expect(await target.longestBlock()).toBeLessThan(OF_MANY_CHARTS_MS);
  },
  300_000,
);

/** Conclusions of the check runs at the head of mallory's branch. */
function checkRunsOf(branch: string): readonly string[] {
  const { checkRuns, refs } = target.github.repository(MALLORY.repository);
  const head = refs.get(`refs/heads/${branch}`);
  return [...checkRuns.values()]
    .filter(({ headOid }) => headOid === head)
    .map(({ conclusion }) => `${conclusion}`);
}

/** Milliseconds that anybody waited at most while mallory's repository was looked at. */
async function looked(): Promise<number> {
  await target.github.webhooks.idle();
  await target.alicesTurn();
  await target.longestBlock();
  versions += 1;
  const { id } = await target.release(MALLORY, { version: `1.0.${versions}` });
  const { answeredMs } = await target.alicesTurn();
  expect(answeredMs).toBeLessThan(1_000);
  expect(await target.settled(MALLORY, id)).toMatchObject({ settled: true, state: "verified" });
  return target.longestBlock();
}

function usual(path: string): string | null {
  if (path === CONFIG) return "environments:\n  dev:\n    path: dev\n";
  return path === "dev/requirements.yaml" ? OWN : null;
}
