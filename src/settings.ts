// Environment and server.yaml -> Settings. Every mistake in both is reported at once.

import { fail, ok, type Problem, type Result } from "./model/problem.ts";
import type { Settings } from "./model/settings.ts";
import { type Env, type ReadFile, readEnvironment } from "./settings/environment.ts";
import { readServerFile } from "./settings/server-file.ts";

export async function readSettings(env: Env, readFile: ReadFile): Promise<Result<Settings>> {
  const environment = await readEnvironment(env, readFile);
  const path = env["SERVER_CONFIG"] || "server.yaml";
  const text = await readFile(path).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined,
  );
  if (text === undefined) return refuse([...environment.problems, unreadable(path)]);
  const file = await readServerFile(path, text, { env, readFile });
  const problems = [...environment.problems, ...file.problems, ...notBuilt(file.settings, path)];
  return problems.length === 0 ? ok({ ...environment.settings, ...file.settings }) : refuse(problems);
}

function refuse(problems: readonly Problem[]): Result<Settings> {
  const [first, ...rest] = problems;
  if (!first) throw new Error("refused without a reason");
  return fail(first, ...rest);
}

function unreadable(path: string): Problem {
  return {
    code: "settings-invalid",
    message: `${path} cannot be read.`,
    help: "Write it with at least one chart repository, or set SERVER_CONFIG to where it is; the README shows one.",
  };
}

/** A key that nothing honours is refused, not ignored. */
function notBuilt({ dashboard }: Pick<Settings, "dashboard">, file: string): readonly Problem[] {
  if (dashboard === "off") return [];
  const message = `dashboard.access: ${dashboard} is not offered by this version.`;
  return [
    {
      code: "settings-invalid",
      message,
      help: "Set it to off; GET /publishes/ID and /metrics tell what goes on.",
      place: { file },
    },
  ];
}
