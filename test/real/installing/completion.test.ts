// The completion script for zsh in a real zsh, which loads it and says what it would offer.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isSkipped, onPath } from "../program.ts";

const CLI = fileURLToPath(new URL("../../../src/cli/chart-promoter.ts", import.meta.url));
const run = promisify(execFile);

/** Loads the script, and has what it hands to zsh's own functions printed. */
const ASK = `
autoload -Uz compinit 2>/dev/null
_describe() { print -l -- "\${(@P)2}"; }
_arguments() { print -l -- "$@"; }
words=("$@"); CURRENT=$#
source "$FOLDER/_chart-promoter"
`;

(isSkipped("zsh") ? describe.skip : describe)("zsh", () => {
  let folder: string;
  let zsh: string;

  beforeAll(async () => {
    zsh = process.env["ZSH_BIN"] ?? (await onPath("zsh")) ?? "";
    if (zsh === "") throw new Error("zsh is not on PATH: install it, or leave this out with SKIP_REAL=zsh.");
    folder = await mkdtemp(join(tmpdir(), "chart-promoter-zsh-"));
    const { stdout } = await run(process.execPath, [CLI, "completion", "zsh"]);
    await writeFile(join(folder, "_chart-promoter"), stdout);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function offered(...typed: readonly string[]): Promise<readonly string[]> {
    const env = { ...process.env, FOLDER: folder };
    // `return` in the script ends the function that completes.
    const ask = `complete() {${ASK}}\ncomplete "$@"`;
    const { stdout, stderr } = await run(zsh, ["-f", "-c", ask, "zsh", "chart-promoter", ...typed], { env });
    expect(stderr).toBe("");
    return stdout.split("\n").filter(Boolean);
  }

  test("commands with what they do", async () => {
    expect(await offered("")).toContain("replay:try again what was given up; `status` shows the keys");
  });

  test("options with what they mean, and files behind those that take one", async () => {
    const options = await offered("publish", "--");
    expect(options).toContain("*--version[the version, where no archive is given]:value:_files");
    expect(options).toContain("*--json[print one JSON document]");
    expect(await offered("completion", "")).toContain("1:value:(bash zsh)");
  });
});
