// CodeNarc, by npm-groovy-lint, on the fixture Jenkinsfiles. It needs Java 17 or newer; it is not fetched from anywhere.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const fixtures = join(import.meta.dirname, "../../../fixtures");
const linter = createRequire(import.meta.url).resolve("npm-groovy-lint");
const skipped = (process.env["SKIP_REAL"] ?? "").split(",").includes("jenkinsfile");

interface Outcome {
  readonly status: number;
  readonly output: string;
}

function run(command: string, given: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, given, { timeout: 120_000 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
      resolve({ status, output: `${stdout}${stderr}` });
    });
  });
}

/** Throws where it would otherwise look for a Java on the network. */
async function requireJava(): Promise<void> {
  const { status, output } = await run("java", ["-version"]);
  const major = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (status !== 0 || major < 17)
    throw new Error(
      "Linting Jenkinsfiles needs Java 17 or newer on PATH; SKIP_REAL=jenkinsfile leaves it out",
    );
}

function lint(folder: string): Promise<Outcome> {
  const options = ["--noserver", "--failon", "warning", "--path", folder, "--files", "**/Jenkinsfile"];
  return run(process.execPath, [join(dirname(linter), "index.js"), ...options]);
}

(skipped ? describe.skip : describe)("the fixture Jenkinsfiles", () => {
  let folder: string;
  beforeAll(async () => {
    await requireJava();
    folder = await mkdtemp(join(tmpdir(), "jenkinsfile-"));
    for (const name of [
      "xposer/Jenkinsfile",
      "config-repository/Jenkinsfile",
      "config-repository/Jenkinsfile.drift",
    ])
      await cp(join(fixtures, name), join(folder, name.replace("Jenkinsfile.drift", "drift/Jenkinsfile")));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("have no error and no warning", async () => {
    const { status, output } = await lint(folder);
    expect(output.match(/\/Jenkinsfile\b/g)).toHaveLength(3);
    expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
  }, 120_000);

  it("would be found out if they did not parse", async () => {
    const file = join(folder, "xposer", "Jenkinsfile");
    await writeFile(file, (await readFile(file, "utf8")).replace("stages {", "stages {{"));
    expect((await lint(folder)).status).not.toBe(0);
  }, 120_000);
});
