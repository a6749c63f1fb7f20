// Environment and server.yaml -> Settings. All mistakes in both are reported at once.

import type { Settings } from "../domain/model/config/settings.ts";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import { type Env, type ReadFile, readEnvironment } from "./environment.ts";
import { withFiles } from "./secret-files.ts";
import { readServerFile } from "./server-file.ts";
import { namesIn } from "./substitute.ts";

const OF_THE_ENVIRONMENT = [
  "APP_ID",
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "DATABASE_URL",
  "CLIENT_ID",
  "CLIENT_SECRET",
];

export async function readSettings(variables: Env, readFile: ReadFile): Promise<Result<Settings>> {
  const path = variables["SERVER_CONFIG"] || "server.yaml";
  const text = await readFile(path).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined,
  );
  const names = [...OF_THE_ENVIRONMENT, ...namesIn(text ?? "")];
  const { env, problems: unread } = await withFiles(variables, names, readFile);
  const environment = await readEnvironment(env, readFile);
  const found = [...unread, ...environment.problems];
  if (text === undefined) return refuse([...found, unreadable(path)]);
  const file = await readServerFile(path, text, { env, readFile });
  const problems = [...found, ...file.problems, ...withoutClient(file.settings, path)];
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
    help: "Write it with at least one chart repository, or set SERVER_CONFIG to where it is; docs/reference.md shows one.",
  };
}

/** Signing in requires the App's OAuth client. */
function withoutClient({ oauth }: Pick<Settings, "oauth">, file: string): readonly Problem[] {
  if (!oauth || (oauth.clientId !== "" && oauth.clientSecret !== "")) return [];
  return [
    {
      code: "settings-invalid",
      message: "dashboard.access: github needs the App's client id and a client secret.",
      help: "Write dashboard.clientId and dashboard.clientSecret, or set CLIENT_ID and CLIENT_SECRET; the App's page on GitHub shows the one and makes the other.",
      place: { file },
    },
  ];
}
