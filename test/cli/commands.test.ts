// The command line as a pipeline and an operator use it: real processes, their exit codes and what they print.

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTown, type Town } from "../../src/sandbox/town.ts";

const CLI = fileURLToPath(new URL("../../src/cli/chart-promoter.ts", import.meta.url));
const FIXTURE = fileURLToPath(new URL("../../fixtures/config-repository", import.meta.url));

let folder: string;
let town: Town;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "chart-promoter-cli-"));
  cpSync(FIXTURE, join(folder, "config"), { recursive: true });
  town = await startTown();
});

afterAll(async () => {
  await town.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env["PATH"], ...env }, cwd: folder };
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
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
  expect((await run(["init", "fresh"])).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe("environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n");
  expect((await run(["init", "fresh"])).code).toBe(1);
});

test("publish announces and waits; a wrong secret is refused", async () => {
  await town.museum.upload(town.pack("1.0.1"));
  const args = [
    "publish",
    "--server",
    town.url(),
    "--publisher",
    "xposer-pipeline",
    "--chart",
    "xposer",
    "--chart-version",
    "1.0.1",
    "--wait",
    "20",
  ];
  const wrong = await run(args, { PUBLISH_SECRET: "not it" });
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("unauthorized")]);
  const { code, out } = await run(args, { PUBLISH_SECRET: "publisher-secret" });
  expect([code, out]).toEqual([
    0,
    expect.stringContaining("dev: proposed, 1.0.1 is the newest version allowed here"),
  ]);
});

test("an operator asks the running server through its data folder", async () => {
  const env = { DATA_DIR: town.settings.dataFolder };
  const status = JSON.parse((await run(["status", "--json"], env)).out);
  expect(status.repositories).toEqual([{ repository: "acme/config", environments: ["dev"], problems: [] }]);
  expect(status.failingPolls).toEqual([]);
  expect((await run(["publishes"], env)).out).toContain("xposer 1.0.1 from stakater: verified");
  expect((await run(["sync"], env)).out).toBe("Everything is looked at again.\n");
  expect((await run(["replay", "repository:1"], env)).code).toBe(1);
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
