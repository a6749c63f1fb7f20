// The command line within the test's own process: what it prints, and how it ends. One call at a time, since a process has one
// working directory, one environment and one standard output.

import { jest } from "@jest/globals";
import { runCommandLine } from "../../src/cli/program.ts";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly cwd?: string;
  /** Whole, but for `PATH`, which is that of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

let before: Promise<unknown> = Promise.resolve();

export function commandLine(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const ended = before.then(() => called(args, surroundings));
  before = ended.catch(() => undefined);
  return ended;
}

async function called(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Surroundings,
): Promise<Ended> {
  const was = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode };
  const output = { out: "", err: "" };
  const restore = [
    listen(process.stdout, (text) => (output.out += text)),
    listen(process.stderr, (text) => (output.err += text)),
  ];
  process.chdir(cwd);
  process.env = { PATH: was.env["PATH"], ...env };
  process.exitCode = 0;
  try {
    await runCommandLine(args);
    return { code: Number(process.exitCode), ...output };
  } finally {
    process.exitCode = was.exitCode;
    process.env = was.env;
    process.chdir(was.cwd);
    for (const undo of restore) undo();
  }
}

function listen(stream: NodeJS.WriteStream, onText: (text: string) => void): () => void {
  const written = jest.spyOn(stream, "write").mockImplementation((chunk) => {
    onText(Buffer.from(chunk).toString());
    return true;
  });
  return () => written.mockRestore();
}
