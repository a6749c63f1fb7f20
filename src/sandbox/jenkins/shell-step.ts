// A build that runs a real command, with its parameters as environment variables, like a pipeline's `sh` step.

import { spawn } from "node:child_process";
import type { Build, BuildResult } from "./controller.ts";

export interface ShellStep {
  readonly command: string;
  readonly arguments?: readonly string[];
  readonly cwd: string;
  /** In addition to the parameters, PATH and HOME. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** For `JobDefinition.run`: exit status 0 is SUCCESS, anything else FAILURE, a build that is stopped ABORTED. */
export function shellStep(step: ShellStep) {
  return (build: Build, signal: AbortSignal): Promise<{ result: BuildResult; log: string }> =>
    new Promise((resolve) => {
      const child = spawn(step.command, [...(step.arguments ?? [])], {
        cwd: step.cwd,
        signal,
        env: {
          PATH: process.env["PATH"],
          HOME: process.env["HOME"],
          ...step.environment,
          ...Object.fromEntries(build.parameters),
          BUILD_NUMBER: String(build.number),
        },
      });
      let log = "";
      const keep = (chunk: Buffer): void => {
        log += chunk.toString();
      };
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      child.on("error", (error) =>
        resolve({ result: signal.aborted ? "ABORTED" : "FAILURE", log: `${log}${error.message}\n` }),
      );
      child.on("close", (code) => resolve({ result: code === 0 ? "SUCCESS" : "FAILURE", log }));
    });
}
