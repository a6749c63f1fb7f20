// What the command line says of itself: `--help` with examples that work, what was probably meant, and completion.

import { execFile } from "node:child_process";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Command } from "commander";
import { addExamples } from "../../src/cli/examples.ts";
import { addCommands } from "../../src/cli/modules.ts";
import { commandLine, type Ended } from "../support/command-line.ts";

function run(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** All commands; none of them does anything. */
async function everyCommand(): Promise<Command> {
  const program = new Command("chart-promoter").enablePositionalOptions().exitOverride();
  await addCommands(program, "");
  addExamples(program);
  for (const command of program.commands) command.exitOverride().action(() => undefined);
  return program;
}

function helpOf(command: Command): string {
  const lines: string[] = [];
  command.configureOutput({ writeOut: (text) => lines.push(text) }).outputHelp();
  return lines.join("");
}

test("each command has examples that the command line takes", async () => {
  const { commands } = await everyCommand();
  expect(commands.length).toBeGreaterThan(11);
  for (const command of commands) {
    const lines = [...helpOf(command).matchAll(/^ {2}\$ (?:[A-Z_]+=\S+ )*chart-promoter (.*)$/gm)];
    expect([command.name(), lines.length > 0]).toEqual([command.name(), true]);
    for (const [, line = ""] of lines) {
      const words = (line.split(" > ")[0] ?? "").split(" ");
      expect(words[0]).toBe(command.name());
      await (await everyCommand()).parseAsync(words, { from: "user" });
    }
  }
});

test("the program shows them", async () => {
  const { code, out } = await commandLine(["bump", "--help"]);
  expect(code).toBe(0);
  expect(out).toContain("  $ chart-promoter bump dev xposer 1.0.1\n      shows the difference\n");
});

test("a default is named as one writes it", async () => {
  const { out } = await commandLine(["report", "--help"]);
  expect(out.replaceAll(/\s+/g, " ")).toContain("2026-11-01T00:00:00Z (default: 30d)");
});

test("a command or an option with a slip says what was probably meant", async () => {
  expect(await commandLine(["pubish"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("Did you mean publish?"),
  });
  expect(await commandLine(["check", "--deploier", "x"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("Did you mean --deployer?"),
  });
});

test("--version is the package's", async () => {
  expect((await commandLine(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("completion in bash", () => {
  let script: string;
  beforeAll(async () => {
    script = (await commandLine(["completion", "bash"])).out;
  });

  test.each<readonly [typed: readonly string[], offered: readonly string[]]>([
    [["publ"], ["publish", "publishes"]],
    [["--v"], ["--version"]],
    [["publish", "--chart-"], ["--chart-version"]],
    [
      ["replay", "--"],
      ["--json", "--help"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "--help"],
    ],
    [["publish", "--archive", ""], []],
    [["nonsense", ""], []],
  ])("%j", async (typed, offered) => {
    const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _chart_promoter; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { out, err } = await run("bash", ["-c", `${script}\n${ask}`, "bash", "chart-promoter", ...typed]);
    expect([out.split("\n").filter(Boolean), err]).toEqual([offered, ""]);
  });
});
