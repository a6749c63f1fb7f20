// `publish`: announces a chart that a pipeline has uploaded, and optionally waits for the outcome.

import { type Command, Option } from "commander";
import { printText } from "../print-text.ts";
import { refuse } from "../tell-problems.ts";
import { announce } from "./announce.ts";
import { milliseconds, type PublishOptions } from "./options.ts";
import { exitCodeOf, inWords } from "./outcome.ts";
import { progressOn } from "./progress.ts";

export function addPublish(program: Command): void {
  program
    .command("publish")
    .description("announce a chart version that stands in the chart repository")
    .requiredOption("--server <url>", "where chart-promoter listens")
    .requiredOption("--publisher <name>", "the publisher's name in server.yaml")
    .option("--secret-env <name>", "environment variable with the publisher's secret", "PUBLISH_SECRET")
    .option("--archive <file>", "the packed chart: gives its name, version and digest")
    .option("--chart <name>", "the chart, where no archive is given")
    .option("--version <version>", "the version, where no archive is given")
    .option("--chart-version <version>", "the same as --version")
    .option("--digest <sha256:hex>", "the digest of the packed chart, where no archive is given")
    .option("--repository <name>", "the chart repository's name in server.yaml; default: the publisher's")
    .option("--values <file>", "YAML or JSON of values to set with the promotion")
    .option("--source-repository <name>", "where the chart was built from")
    .option("--revision <commit>", "the commit it was built from")
    .option("--build <url>", "the build")
    .option("--wait <duration>", "wait up to that long until it is settled what becomes of it", milliseconds)
    .addOption(timeout())
    .option("--json", "print one JSON document")
    .addHelpText("after", EXIT_CODES)
    .action(publish);
}

function timeout(): Option {
  return new Option("--timeout <duration>", "try again for that long where a try may help")
    .argParser(milliseconds)
    .default(120_000, "2m");
}

const EXIT_CODES = `
Exit codes: 0 announced, and with --wait proposed or there already; 1 rejected, refused or not announced;
2 wrong use; 3 not settled within --wait.`;

async function publish(options: PublishOptions): Promise<void> {
  const progress = progressOn(process.stderr);
  const sent = await announce(options, progress);
  progress.end();
  if (!sent.ok) return refuse(options, sent.problems);
  const { progress: reported, isSettled } = sent.value;
  if (options.json === true) process.stdout.write(`${JSON.stringify(reported, null, 2)}\n`);
  else printText(inWords(reported));
  process.exitCode = exitCodeOf(reported, isSettled);
}
