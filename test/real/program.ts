// Real programs that tests run beside: found, or installed, or reported as not to be had.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

export const run = promisify(execFile);
const STARTS_WITHIN_MS = 20_000;

/** Whether the person who runs the tests asked to leave this part out: `SKIP_REAL=chartmuseum,docker-registry`. */
export function isSkipped(part: string): boolean {
  return (process.env["SKIP_REAL"] ?? "").split(",").includes(part);
}

/** The program's path, nothing when it is not on PATH. */
export async function onPath(name: string): Promise<string | undefined> {
  const found = await run("sh", ["-c", 'command -v "$1"', "sh", name]).catch(() => undefined);
  return found?.stdout.trim();
}

/** Runs an installer; says what it is for and how to do without it when it fails. */
export async function install(
  part: string,
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
) {
  const [program, ...parameters] = command;
  try {
    await run(program, parameters, { env: { ...process.env, ...env }, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const why = Object(error);
    throw new Error(
      `The real ${part} cannot be had here: \`${command.join(" ")}\` failed: ${why.stderr || why.message}\n` +
        `Install it yourself, or leave this part out with SKIP_REAL=${part}.`,
    );
  }
}

export interface Running {
  /** What the awaited line matched. */
  readonly match: RegExpExecArray;
  readonly stop: () => Promise<void>;
}

/** Starts a server and waits until a line of its output (either stream) matches. */
export async function start(command: readonly [string, ...string[]], ready: RegExp): Promise<Running> {
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("it did not get ready in time")), STARTS_WITHIN_MS);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
    for (const stream of [child.stdout, child.stderr])
      createInterface(stream).on("line", (line) => {
        lines.push(line);
        const found = ready.exec(line);
        if (found === null) return;
        clearTimeout(timer);
        resolve(found);
      });
  }).catch(async (error: unknown) => {
    await stop(child);
    throw new Error(`${command.join(" ")}: ${String(error)}\n${lines.join("\n")}`);
  });
  return { match, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
