// `sync`, `status`, `publishes`, `replay`, `redeploy`: what an operator asks of the server that runs on this data folder.

import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { pino } from "pino";
import { type Control, controlOf, type PublishStatus } from "../../adapters/control/control.ts";
import { connectControl } from "../../adapters/control/socket.ts";
import { openStore } from "../../adapters/store/open-store.ts";
import { EMBEDDED_DATABASE } from "../../adapters/store/sqlite/open.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { operatorActions } from "../../reconcile/operator-actions.ts";
import { withFiles } from "../../settings/secret-files.ts";
import { refuse } from "../tell-problems.ts";
import { statusLines } from "./status-lines.ts";

interface Options {
  readonly json?: boolean;
  readonly chart?: string;
  readonly limit: number;
}

export function addOperatorCommands(program: Command): void {
  program
    .command("sync")
    .description("look at every repository and open promotion again")
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(options, async (control) => {
        await control.sync();
        print(options, { marked: "sync:all" }, ["Everything is looked at again."]);
      }),
    );
  program
    .command("status")
    .description("what waits, what was given up, and which repositories are known")
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(options, async (control) => {
        const status = await control.status();
        print(options, status, statusLines(status));
      }),
    );
  program
    .command("publishes")
    .description("the newest publishes and what became of them")
    .option("--chart <name>", "of this chart only")
    .option("--limit <n>", "how many", atLeastOne, 20)
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(options, async (control) => {
        const filter = {
          limit: options.limit,
          ...(options.chart !== undefined && { chart: options.chart }),
        };
        const found = await control.publishes(filter);
        print(options, found, found.flatMap(publishLines));
      }),
    );
  program
    .command("replay <key>")
    .description("try again what was given up; `status` shows the keys")
    .option("--json", "print one JSON document")
    .action((key: string, options: Options) =>
      withControl(options, async (control) => {
        const replayed = await control.replay(key);
        print(options, { replayed }, [
          replayed ? `${key} is tried again.` : `Nothing of the name ${key} was given up.`,
        ]);
        if (!replayed) process.exitCode = 1;
      }),
    );
  program
    .command("redeploy <repository> <environment>")
    .description("deploy again what was deployed to an environment of OWNER/REPO last")
    .option("--json", "print one JSON document")
    .action((repository: string, environment: string, options: Options) =>
      withControl(options, async (control) => {
        const asked = await control.redeploy({ repository, environment });
        if (asked.ok) {
          print(options, asked.value, [`${asked.value.sha} is deployed to ${environment} again.`]);
          return;
        }
        print(
          options,
          { problems: asked.problems },
          asked.problems.map(({ message, help }) => `${message}\n  ${help}`),
        );
        process.exitCode = 1;
      }),
    );
}

/** The running server's control; without one, the database itself, which is then free to be opened. */
export async function withControl(
  options: Pick<Options, "json">,
  work: (control: Control) => Promise<void>,
): Promise<void> {
  const dataFolder = process.env["DATA_DIR"] || "data";
  const running = await connectControl(dataFolder);
  if (running) return work(running);
  const { env, problems } = await withFiles(process.env, ["DATABASE_URL"], readFile);
  if (problems.length > 0) return refuse(options, problems);
  const databaseUrl = env["DATABASE_URL"];
  if (!databaseUrl && !(await hasDatabase(dataFolder))) return refuse(options, [noDatabase(dataFolder)]);
  const store = await openStore({
    dataFolder,
    clock: () => new Date(),
    log: pino({ level: "silent" }),
    ...(databaseUrl && { databaseUrl }),
  });
  try {
    await work(controlOf(store, operatorActions({ store, clock: () => new Date() })));
  } finally {
    await store.queue.stop(0);
    await store.close();
  }
}

function hasDatabase(folder: string): Promise<boolean> {
  return access(join(folder, EMBEDDED_DATABASE)).then(
    () => true,
    () => false,
  );
}

function noDatabase(folder: string): Problem {
  return {
    code: "not-found",
    message: `There is no database in the data folder ${folder}, and no server runs on it.`,
    help: "Set DATA_DIR to the server's data folder, or DATABASE_URL to its database, as the server has them.",
  };
}

function atLeastOne(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_PUBLISHES)
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_PUBLISHES}.`);
  return count;
}

/** More than anybody reads; what is asked for is read at once. */
const MOST_PUBLISHES = 1000;

export function print({ json }: Pick<Options, "json">, value: object, lines: readonly string[]): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join("\n")}\n`);
}

function publishLines({ publish, promotions }: PublishStatus): readonly string[] {
  const { chart, version, repository, state, id, problem } = publish;
  return [
    `${chart} ${version} from ${repository}: ${state} (${id})${problem ? `: ${problem.message}` : ""}`,
    ...promotions.map(
      ({ environment, state: became, because, pullRequest }) =>
        `  ${environment}: ${became}, ${because}${pullRequest ? ` ${pullRequest.url}` : ""}`,
    ),
  ];
}
