// `sync`, `status`, `publishes`, `replay`: what an operator asks of the server that runs on this data folder.

import type { Command } from "commander";
import { pino } from "pino";
import { type Control, controlOf, type PublishStatus, type Status } from "../control/control.ts";
import { connectControl } from "../control/socket.ts";
import { openStore } from "../store/open-store.ts";

interface Options {
  readonly json?: boolean;
  readonly chart?: string;
  readonly limit?: string;
}

export function addOperatorCommands(program: Command): void {
  program
    .command("sync")
    .description("look at every repository and open promotion again")
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(async (control) => {
        await control.sync();
        print(options, { marked: "sync:all" }, ["Everything is looked at again."]);
      }),
    );
  program
    .command("status")
    .description("what waits, what was given up, and which repositories are known")
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(async (control) => {
        const status = await control.status();
        print(options, status, statusLines(status));
      }),
    );
  program
    .command("publishes")
    .description("the newest publishes and what became of them")
    .option("--chart <name>", "of this chart only")
    .option("--limit <n>", "how many", "20")
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(async (control) => {
        const filter = {
          limit: Number(options.limit ?? 20),
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
      withControl(async (control) => {
        const replayed = await control.replay(key);
        print(options, { replayed }, [
          replayed ? `${key} is tried again.` : `Nothing of the name ${key} was given up.`,
        ]);
        if (!replayed) process.exitCode = 1;
      }),
    );
}

/** The running server's control; without one, the database itself, which is then free to be opened. */
async function withControl(work: (control: Control) => Promise<void>): Promise<void> {
  const dataFolder = process.env["DATA_DIR"] || "data";
  const running = await connectControl(dataFolder);
  if (running) return work(running);
  const databaseUrl = process.env["DATABASE_URL"];
  const store = await openStore({
    dataFolder,
    clock: () => new Date(),
    log: pino({ level: "silent" }),
    ...(databaseUrl && { databaseUrl }),
  });
  try {
    await work(controlOf(store));
  } finally {
    await store.queue.stop(0);
    await store.close();
  }
}

function print({ json }: Options, value: object, lines: readonly string[]): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join("\n")}\n`);
}

function statusLines({
  queue,
  dead,
  repositories,
  failingPolls,
  unfinishedDeployments,
}: Status): readonly string[] {
  return [
    `Queue: ${queue.due} due, ${queue.running} running, ${queue.later} later, ${queue.dead} given up`,
    ...dead.map(({ key, error, tries }) => `  given up after ${tries} tries: ${key}: ${error}`),
    `Config repositories: ${repositories.length}`,
    ...repositories.flatMap(({ repository, environments, problems }) => [
      `  ${repository}: ${environments.join(", ") || "no environment"}`,
      ...problems.map(({ message, place }) => `    line ${place?.line ?? "?"}: ${message}`),
    ]),
    ...failingPolls.map(
      ({ repository, problem, since }) =>
        `Chart repository ${repository} cannot be polled since ${new Date(since).toISOString()}: ${problem.message}`,
    ),
    ...unfinishedDeployments.map(
      ({ environment, sha, state }) => `Deployment of ${sha.slice(0, 7)} to ${environment}: ${state}`,
    ),
  ];
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
