// `sync`, `status`, `publishes`, `replay`, `redeploy`: the operator's commands to the server with this data folder.

import { type Command, InvalidArgumentError } from "commander";
import type { PublishStatus } from "../../adapters/control/control.ts";
import { visible } from "../../domain/model/visible.ts";
import { printText } from "../print-text.ts";
import { statusLines } from "./status-lines.ts";
import { withControl } from "./with-control.ts";

interface Options {
  readonly json?: boolean;
  readonly chart?: string;
  readonly limit: number;
}

export function addOperatorCommands(program: Command): void {
  for (const add of [addSync, addStatus, addPublishes, addReplay, addRedeploy]) add(program);
}

function addSync(program: Command): void {
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
}

function addStatus(program: Command): void {
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
}

function addPublishes(program: Command): void {
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
}

function addReplay(program: Command): void {
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
}

function addRedeploy(program: Command): void {
  program
    .command("redeploy <repository> <environment>")
    .description("deploy again what was deployed to an environment of OWNER/REPO last")
    .option("--json", "print one JSON document")
    .action((repository: string, environment: string, options: Options) =>
      withControl(options, async (control) => {
        const answer = await control.redeploy({ repository, environment });
        if (answer.ok) {
          print(options, answer.value, [`${answer.value.sha} is deployed to ${environment} again.`]);
          return;
        }
        print(
          options,
          { problems: answer.problems },
          answer.problems.flatMap(({ message, help }) => [message, `  ${help}`]),
        );
        process.exitCode = 1;
      }),
    );
}

function atLeastOne(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_PUBLISHES)
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_PUBLISHES}.`);
  return count;
}

/** More than anybody reads; the result is not paged. */
const MOST_PUBLISHES = 1000;

export function print({ json }: Pick<Options, "json">, value: object, lines: readonly string[]): void {
  if (json === true) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  else printText(lines.map((line) => `${visible(line)}\n`).join(""));
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
