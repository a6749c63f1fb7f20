// `check`: parses the config file of a local checkout as the server would, and checks it against the checkout and
// server.yaml.

import type { Command } from "commander";
import { helmRemarks } from "../domain/config/helm-values.ts";
import { parseConfig } from "../domain/config/parse.ts";
import type { Config, Extended } from "../domain/model/config/config.ts";
import { CONFIG_FILE } from "../domain/model/config/config-file.ts";
import { matchesRepository } from "../domain/model/config/glob.ts";
import type { ChartRepository, Deployer } from "../domain/model/config/settings.ts";
import { ok, type Problem, type Result } from "../domain/model/problem.ts";
import { readServerSettings } from "./arguments/server-settings.ts";
import { readConfigText } from "./checkout/config-file.ts";
import { DEFAULTS_OPTION, defaultsRemarks, readDefaults, remarkText } from "./checkout/copied-defaults.ts";
import { type FoundEnvironment, findEnvironment } from "./checkout/found-environment.ts";
import { deployersCalled, deployersNamedIn, LOCAL_REPOSITORY } from "./checkout/named-deployers.ts";
import { printText } from "./print-text.ts";
import { problemText } from "./tell-problems.ts";

export function addCheck(program: Command): void {
  program
    .command("check [dir]")
    .description(`check ${CONFIG_FILE} of a checkout, and say what it finds`)
    .option("--server-config <file>", "a server.yaml: its chart repositories and deployers are looked at too")
    .option("--repository <owner/name>", "the config repository, for what server.yaml lets it use")
    .option("--deployer <name...>", "deployers that the server has, instead of those of a server.yaml")
    .option(...DEFAULTS_OPTION)
    .option("--default-branch <name>", "the repository's default branch", "main")
    .option("--json", "print one JSON document")
    .action(check);
}

interface CheckOptions {
  readonly serverConfig?: string;
  readonly repository?: string;
  readonly deployer?: readonly string[];
  readonly defaults?: string;
  readonly defaultBranch: string;
  readonly json?: boolean;
}

/** From server.yaml; both absent when none was given. */
interface Known {
  readonly repositories?: readonly ChartRepository[];
  readonly deployers?: readonly Deployer[];
  readonly extended?: Extended;
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly environments: readonly FoundEnvironment[];
  /** Hints that are no mistakes: one sentence each. */
  readonly notes: readonly string[];
}

async function check(folder = ".", options: CheckOptions): Promise<void> {
  const read = await readConfigText(folder);
  if (!read.ok) return report(options, { problems: read.problems, environments: [], notes: [] });
  const known = await readKnown(options);
  if (!known.ok) return report(options, { problems: known.problems, environments: [], notes: [] });
  const extended = await readDefaults(read.value, options.defaults);
  if (!extended.ok) return report(options, { problems: extended.problems, environments: [], notes: [] });
  const config = parsed(read.value, { ...known.value, ...extended.value }, options);
  const remarks = helmRemarks(read.value, CONFIG_FILE);
  if (!config.ok) return report(options, { problems: config.problems, environments: [], notes: remarks });
  const { repositories } = known.value;
  const at = { folder, branch: options.defaultBranch, ...(repositories && { repositories }) };
  const environments: FoundEnvironment[] = [];
  for (const environment of config.value.environments)
    environments.push(await findEnvironment(environment, at));
  const notes = [
    ...remarks,
    ...defaultsRemarks(read.value, options.defaults),
    ...idleDeployers(config.value, known.value, options),
  ];
  return report(options, { problems: [], environments, notes });
}

function parsed(text: string, { deployers, extended }: Known, options: CheckOptions): Result<Config> {
  const named = options.deployer && deployersCalled(options.deployer);
  const anywhere = options.repository === undefined;
  const ofServer = deployers?.map((one) => (anywhere ? { ...one, repositories: ["*/*"] } : one));
  return parseConfig(text, {
    defaultBranch: options.defaultBranch,
    deployers: named ?? ofServer ?? deployersNamedIn(text),
    repository: options.repository ?? LOCAL_REPOSITORY,
    file: CONFIG_FILE,
    ...(extended && { extended }),
  });
}

async function readKnown({ serverConfig }: CheckOptions): Promise<Result<Known>> {
  if (serverConfig === undefined) return ok({});
  const settings = await readServerSettings(serverConfig);
  if (!settings.ok) return settings;
  const { chartRepositories: repositories, deployers } = settings.value;
  return ok({ repositories, deployers });
}

/** Deployers that this repository may use but does not name, if the repository is known. */
function idleDeployers(
  { environments }: Config,
  known: Known,
  { repository }: CheckOptions,
): readonly string[] {
  const named = new Set(environments.flatMap(({ deploy }) => deploy));
  const mayName = ({ repositories }: Deployer) =>
    repository === undefined ||
    matchesRepository(
      repositories.map((glob) => glob.split("#", 1)[0] ?? glob),
      repository,
    );
  return (known.deployers ?? [])
    .filter((deployer) => mayName(deployer) && !named.has(deployer.name))
    .map(({ name }) => `warning: the deployer ${name} of server.yaml is named by no environment.`);
}

function report({ json }: { readonly json?: boolean }, findings: Findings): void {
  const { problems, environments, notes } = findings;
  if (json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else if (problems.length > 0) printText(problems.map(problemText).join(""));
  else {
    process.stdout.write(`${CONFIG_FILE} is right: ${environments.map(({ name }) => name).join(", ")}\n`);
    printText(environments.map(environmentText).join(""));
  }
  if (json !== true) for (const note of notes) printText(remarkText(note));
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function environmentText({ name, path, manifest, charts, deployers, warnings }: FoundEnvironment): string {
  const file = manifest && (path === "." ? manifest : `${path}/${manifest}`);
  const lines = [
    ...charts.map(({ chart, version, chartRepository, repository }) => {
      const from = chartRepository ?? (repository || "no chart repository");
      return `  ${chart} ${version} from ${from}`;
    }),
    `  deployers: ${deployers.length > 0 ? deployers.join(", ") : "none, a merge is only recorded on GitHub"}`,
    ...warnings.map((warning) => `  warning: ${warning}`),
  ];
  return `\n${name}: ${file ?? path}\n${lines.map((line) => `${line}\n`).join("")}`;
}
