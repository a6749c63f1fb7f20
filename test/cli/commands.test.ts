// The command line as a pipeline and an operator use it: exit codes and what is printed.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestBed, type TestBed } from "../../src/sandbox/test-bed.ts";
import { commandLine, type Ended } from "../support/command-line.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/config-repository", import.meta.url));

let folder: string;
let testBed: TestBed;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "chart-promoter-cli-"));
  cpSync(FIXTURE, join(folder, "config"), { recursive: true });
  testBed = await startTestBed();
});

afterAll(async () => {
  await testBed.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return commandLine(args, { env, cwd: folder });
}

test("plan shows the difference, the commit and the text, and touches nothing", async () => {
  const before = readFileSync(join(folder, "config/dev/requirements.yaml"), "utf8");
  const args = ["plan", "--config-repository", "config", "--chart", "xposer", "--version", "1.0.1"];
  const { code, out } = await run(args);
  expect(code).toBe(0);
  expect(out).toContain("+    version: 1.0.1  # says which version it is");
  expect(out).toContain("--- a/dev/requirements.lock");
  expect(out).toContain("Chart-Version: 1.0.1");
  expect(readFileSync(join(folder, "config/dev/requirements.yaml"), "utf8")).toBe(before);
  const { plans } = JSON.parse((await run([...args, "--json"])).out);
  expect(plans.map((plan: { kind: string; branch: string }) => `${plan.kind} ${plan.branch}`)).toEqual([
    "change promote/dev/xposer",
    "change promote/prod/xposer",
  ]);
});

test("plan reads --values as Helm does, and says in which line it cannot", async () => {
  const args = [
    "plan",
    "--config-repository",
    "config",
    "--chart",
    "xposer",
    "--version",
    "1.0.1",
    "--values",
  ];
  writeFileSync(join(folder, "given.yaml"), "debug: no\nmode: 0400\n---\nreplicas: 1_0\n");
  const { code, out } = await run([...args, "given.yaml"]);
  expect(code).toBe(0);
  for (const line of ["debug: false", "mode: 256", "replicas: 10"]) expect(out).toContain(`+  ${line}\n`);
  writeFileSync(join(folder, "given.yaml"), "a: 1\nb: [\n");
  expect(await run([...args, "given.yaml"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^given\.yaml:3: Helm could not read these values: /),
  });
  writeFileSync(join(folder, "given.yaml"), "- a\n");
  expect((await run([...args, "given.yaml"])).err).toContain("given.yaml:1: ");
  writeFileSync(join(folder, "given.yaml"), "word\n");
  expect((await run([...args, "given.yaml"])).err).toContain("given.yaml:1: ");
  expect(await run([...args, "missing.yaml"])).toMatchObject({
    code: 1,
    err: toldAs("missing.yaml", "it is not there"),
  });
  expect(await run([...args, "config"])).toMatchObject({ code: 1, err: toldAs("config", "it is a folder") });
});

/** One sentence and what to do, and no stack trace. */
function toldAs(path: string, because: string) {
  return expect.stringMatching(new RegExp(`^${path} .*: ${because}\\.\n  [A-Z][^\n]*\\.\n$`));
}

test("a folder that is none is told", async () => {
  writeFileSync(join(folder, "file"), "");
  const ended = async (...args: string[]) => {
    const { code, out, err } = await run(args);
    return [code, out + err];
  };
  const plan = ["plan", "--chart", "xposer", "--version", "1.0.1", "--config-repository"];
  expect(await ended(...plan, "nowhere")).toEqual([1, toldAs("nowhere", "it is not there")]);
  expect(await ended("check", "nowhere")).toEqual([1, toldAs("nowhere", "it is not there")]);
  expect(await ended("init", "file")).toEqual([1, toldAs("file", "it is a file")]);
});

test("plan takes what the config file extends from a copy, and says when it has none", async () => {
  cpSync(join(folder, "config"), join(folder, "extending"), { recursive: true });
  const file = join(folder, "extending/.github/chart-promoter.yml");
  writeFileSync(file, "extends: acme/defaults\nenvironments:\n  dev: { path: dev }\n");
  writeFileSync(join(folder, "defaults.yml"), 'environments:\n  "*": { charts: [other] }\n');
  const plan = ["plan", "--config-repository", "extending", "--chart", "xposer", "--version", "1.0.1"];
  const without = await run(plan);
  expect(without.out).toContain("Promote xposer to 1.0.1 in dev");
  expect(without.err).toContain("warning: it extends acme/defaults, and what that says is not known here");
  const given = await run([...plan, "--defaults", "defaults.yml"]);
  expect(given).toMatchObject({ code: 0, err: "" });
  expect(given.out).not.toContain("Promote xposer");
  const broken = await run([...plan, "--defaults", "nowhere.yml"]);
  expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("nowhere.yml") });
});

test("plan refuses what is no version to publish", async () => {
  const args = ["plan", "--config-repository", "config", "--chart", "xposer", "--version", "latest"];
  const { code, out, err } = await run(args);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain('"latest" is no version that can be published');
});

test("plan says why nothing moves", async () => {
  const { code, out } = await run([
    "plan",
    "--config-repository",
    "config",
    "--chart",
    "xposer",
    "--version",
    "1.0.0",
  ]);
  expect([code, out]).toEqual([
    0,
    "dev: unchanged, dev already has 1.0.0\n\nprod: unchanged, prod already has 1.0.0\n",
  ]);
});

test("check names each mistake with its line, and init writes what it takes", async () => {
  expect((await run(["check", "config"])).code).toBe(0);
  cpSync(join(folder, "config"), join(folder, "fresh"), { recursive: true });
  const file = join(folder, "fresh/.github/chart-promoter.yml");
  writeFileSync(file, "environments:\n  dev:\n    pth: dev\n");
  const wrong = await run(["check", "fresh"]);
  expect([wrong.code, wrong.out]).toEqual([
    1,
    expect.stringMatching(/chart-promoter\.yml:3: .*"pth".*path/s),
  ]);
  rmSync(file);
  expect((await run(["init", "fresh", "--server", "https://promoter.example.com/"])).code).toBe(0);
  const written = readFileSync(file, "utf8");
  expect(written).toMatch(/^# .*\$schema=https:\/\/promoter\.example\.com\/schema\/chart-promoter\.json\n/);
  expect(written.replaceAll(/^ *#.*\n/gm, "")).toBe(
    "environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n    after: dev\n",
  );
  for (const key of ["reviewers", "deploy"])
    expect(written).toMatch(new RegExp(`^    # ${key}: \\[.*\\]`, "m"));
  expect((await run(["init", "fresh"])).code).toBe(1);
});

test("publish announces and waits; a wrong secret is refused", async () => {
  await testBed.museum.upload(testBed.pack("1.0.1"));
  const args = ["publish", "--server", testBed.url(), "--publisher", "xposer-pipeline", "--chart", "xposer"];
  const wrong = await run([...args, "--version", "1.0.1"], { PUBLISH_SECRET: "not it" });
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("(401).\n  ")]);
  const { code, out } = await run([...args, "--version", "1.0.1", "--wait", "20"], {
    PUBLISH_SECRET: "publisher-secret",
  });
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /^xposer 1\.0\.1 \(.*\): verified\n {2}acme\/config dev: proposed, 1\.0\.1 is the newest version allowed here\n {4}http.*\/pull\/1\n$/,
    ),
  ]);
});

test("an operator asks the running server through its data folder", async () => {
  const env = { DATA_DIR: testBed.settings.dataFolder };
  const status = JSON.parse((await run(["status", "--json"], env)).out);
  expect(status.repositories).toEqual([{ repository: "acme/config", environments: ["dev"], problems: [] }]);
  expect(status.failingPolls).toEqual([]);
  expect((await run(["publishes"], env)).out).toContain("xposer 1.0.1 from stakater: verified");
  expect((await run(["sync"], env)).out).toBe("Everything is looked at again.\n");
  expect((await run(["replay", "repository:1"], env)).code).toBe(1);
});

test("an operator is told that a folder has no database, and none is made there", async () => {
  for (const command of [["status"], ["publishes"], ["sync"], ["replay", "sync:all"]]) {
    const env = { DATA_DIR: join(folder, "no-data") };
    const { code, out, err } = await run(command, env);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(
      /^There is no database in the data folder .*no-data, and no server runs on it\.\n {2}Set DATA_DIR /,
    );
  }
  expect(existsSync(join(folder, "no-data"))).toBe(false);
  const { code, out } = await run(["status", "--json"], { DATA_DIR: join(folder, "config") });
  expect([code, JSON.parse(out).problems[0].code]).toEqual([1, "not-found"]);
  expect(existsSync(join(folder, "config/chart-promoter.sqlite"))).toBe(false);
});

test("the database of an operator's commands may stand in a file, as the server's", async () => {
  const env = { DATA_DIR: join(folder, "no-data"), DATABASE_URL_FILE: join(folder, "no-file") };
  const { code, err } = await run(["status"], env);
  expect([code, err]).toEqual([1, expect.stringContaining("DATABASE_URL_FILE names ")]);
});

test.each(["x", "0", "1.5", "-3", "1e3", "10000"])("publishes --limit %s is wrong use", async (limit) => {
  const { code, out, err } = await run(["publishes", "--limit", limit]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain("Give a whole number from 1 to 1000.");
});

test("wrong use ends with 2", async () => {
  expect((await run(["nonsense"])).code).toBe(2);
  expect((await run(["plan"])).code).toBe(2);
});

test("serve tells every mistake in its settings at once, and starts nothing", async () => {
  const { code, err } = await run(["serve"], { PORT: "many" });
  expect(code).toBe(1);
  for (const name of ["PORT", "APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET", "server.yaml"])
    expect(err).toContain(name);
});
