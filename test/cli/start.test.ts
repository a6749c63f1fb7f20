// What a command loads: nothing but what it needs, from the sources and as a package brings it.

import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildProgram } from "../../src/tools/bundle/program.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HOOK = join(ROOT, "test/support/loaded-modules.ts");
const REPOSITORY = join(ROOT, "fixtures/config-repository");

let folder: string;
let umbrella: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-"));
  umbrella = join(folder, "umbrella");
  await mkdir(umbrella);
  await writeFile(join(umbrella, "Chart.yaml"), "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n");
  await writeFile(
    join(umbrella, "requirements.yaml"),
    "dependencies:\n- name: web\n  version: 1.0.0\n  repository: https://charts.example.com\n",
  );
  await copyFile(join(ROOT, "package.json"), join(folder, "package.json"));
  await buildProgram(join(folder, "dist"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Loaded {
  readonly files: number;
  readonly packages: readonly string[];
  readonly fetches: boolean;
}

interface Run extends Loaded {
  readonly out: string;
}

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const words = ["--no-warnings", "--import", HOOK, script, ...args];
  return new Promise((resolve, reject) =>
    execFile(process.execPath, words, { cwd: folder, env }, (_error, out, err) => {
      const [, settings] = /^loaded: (.*)$/m.exec(err) ?? [];
      if (settings === undefined) return reject(new Error(err));
      const loaded: Loaded = JSON.parse(settings);
      return resolve({ out, ...loaded });
    }),
  );
}

const BUMP = () => ["bump", umbrella, "web", "1.0.1"];
const PLAN = ["plan", "--config-repository", REPOSITORY, "--chart", "web", "--version", "1.0.1"];

test.each<[string, () => readonly string[], readonly string[]]>([
  ["bump", BUMP, ["commander", "diff", "js-yaml", "semver", "yaml"]],
  ["check", () => ["check", REPOSITORY], ["commander", "croner", "js-yaml", "semver", "yaml", "zod"]],
  ["init", () => ["init", umbrella], ["commander", "croner", "js-yaml", "semver", "yaml", "zod"]],
  ["publish", () => ["publish", "--help"], ["commander"]],
  [
    "plan",
    () => PLAN,
    [
      "b4a",
      "commander",
      "croner",
      "diff",
      "events-universal",
      "fast-fifo",
      "js-yaml",
      "semver",
      "streamx",
    ].concat(...["tar-stream", "text-decoder", "yaml", "zod"]),
  ],
  ["completion", () => ["completion", "bash"], []],
  ["help", () => ["--help"], []],
])("%s loads no other packages than it needs", async (name, args, packages) => {
  const loaded = await run(join(ROOT, "src/cli/chart-promoter.ts"), args());
  if (packages.length > 0) expect(loaded.packages).toEqual(packages);
  expect([name, loaded.packages.filter((one) => HEAVY.test(one))]).toEqual([name, []]);
});

/** What only the server needs. */
const HEAVY = /^(probot|@octokit|pg|kysely|@opentelemetry|fastify|openpgp|jose|prom-client|hono|pino)/;

test("what needs no network does not load what fetches", async () => {
  expect(await run(join(ROOT, "src/cli/chart-promoter.ts"), BUMP())).toMatchObject({ fetches: false });
});

test("as a package brings it, a command is a few files, and does the same", async () => {
  const [built, source] = [join(folder, "dist/chart-promoter.js"), join(ROOT, "src/cli/chart-promoter.ts")];
  const [packed, unpacked] = [await run(built, BUMP()), await run(source, BUMP())];
  expect(packed.out).toBe(unpacked.out);
  expect(packed.out).toContain("+  version: 1.0.1");
  expect(packed).toMatchObject({ packages: [], fetches: false });
  expect(packed.files).toBeLessThan(45);
});

test("what Node has compiled is kept in the user's own cache folder", async () => {
  const home = join(folder, "home");
  await run(join(folder, "dist/chart-promoter.js"), ["publish", "--help"], { HOME: home });
  const kept = await readdir(join(home, ".cache/chart-promoter/compiled"), { recursive: true });
  expect(kept.length).toBeGreaterThan(5);
});

test("a cache folder that cannot be written is done without", async () => {
  const { out } = await run(join(folder, "dist/chart-promoter.js"), BUMP(), {
    XDG_CACHE_HOME: join(umbrella, "Chart.yaml"),
  });
  expect(out).toContain("+  version: 1.0.1");
});
