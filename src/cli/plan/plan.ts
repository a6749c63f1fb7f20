// `plan`: a dry run of a publish on a local checkout: prints what the server would propose, and changes nothing.

import type { Command } from "commander";
import { parseConfig } from "../../domain/config/parse.ts";
import type { Config } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Change, Plan } from "../../domain/model/promotion.ts";
import { visibleLines } from "../../domain/model/visible.ts";
import { commitMessage, promotionTitle } from "../../domain/plan/commit-message.ts";
import { isChartVersion } from "../../intake/body/announcement.ts";
import { readServerSettings } from "../arguments/server-settings.ts";
import { readValuesFile } from "../arguments/values-file.ts";
import { readConfigText } from "../checkout/config-file.ts";
import { DEFAULTS_OPTION, defaultsRemarks, readDefaults, remarkText } from "../checkout/copied-defaults.ts";
import { deployersNamedIn, LOCAL_REPOSITORY } from "../checkout/named-deployers.ts";
import { type Planned, planFolder } from "../checkout/plan-folder.ts";
import { patchOf } from "../patch.ts";
import { printComplaint } from "../print-text.ts";
import { refuse } from "../tell-problems.ts";
import { chartSource, planText } from "./plan-text.ts";

interface Options {
  readonly configRepository: string;
  readonly chart: string;
  readonly version: string;
  readonly repository?: string;
  readonly appVersion?: string;
  readonly values?: string;
  readonly serverConfig?: string;
  readonly defaults?: string;
  readonly old?: string;
  readonly new?: string;
  readonly json?: boolean;
}

export function addPlan(program: Command): void {
  program
    .command("plan")
    .description("show what a publish would change in a checkout of a config repository")
    .requiredOption("--config-repository <dir>", `checkout with its ${CONFIG_FILE}`)
    .requiredOption("--chart <name>", "the chart")
    .requiredOption("--version <version>", "the version")
    .option(
      "--repository <url>",
      "the chart repository; default: whichever the checkout names for this chart",
    )
    .option("--app-version <version>", "what {appVersion} stands for")
    .option("--values <file>", "YAML or JSON of values that the publish brings")
    .option("--server-config <file>", "a server.yaml: its chart repositories are asked for both versions")
    .option(...DEFAULTS_OPTION)
    .option("--old <path>", "the present version's archive or folder, for the text")
    .option("--new <path>", "the new version's archive or folder, for the text")
    .option("--json", "print one JSON document")
    .action(plan);
}

async function plan(options: Options): Promise<void> {
  if (!isChartVersion(options.version)) return refuse(options, [notAVersion(options.version)]);
  const [config, repositories] = [await readConfig(options), await repositoriesOf(options)];
  if (!config.ok) return refuse(options, config.problems);
  if (!repositories.ok) return refuse(options, repositories.problems);
  const values = options.values === undefined ? ok({}) : await readValuesFile(options.values);
  if (!values.ok) return refuse(options, values.problems);
  const source = await chartSource(options);
  if (!source.ok) return refuse(options, source.problems);
  const plans: Planned[] = [];
  const hints: string[] = [];
  for (const environment of config.value.environments) {
    const given = { known: repositories.value, values: values.value };
    const { planned, hint } = await planFolder(environment, options, given);
    plans.push(...planned);
    if (hint !== undefined) hints.push(hint);
  }
  const printed: (Plan & { readonly body?: string })[] = [];
  for (const { plan: made, ...about } of plans) {
    const isChange = made.kind === "change";
    printed.push(
      isChange
        ? {
            ...withFolder(made, about.environment.path),
            body: await planText(made, { ...about, beside: plans }, source.value),
          }
        : made,
    );
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify({ plans: printed }, null, 2)}\n`);
  else
    process.stdout.write(
      printed.length === 0
        ? `${[`No environment depends on ${options.chart}`, ...hints].join("; ")}.\n`
        : printed.map(shown).join("\n"),
    );
  process.exitCode = printed.some(({ kind }) => kind === "refused") ? 1 : 0;
}

/** Chart repositories of a server.yaml; `undefined` without one. */
async function repositoriesOf({
  serverConfig,
}: Options): Promise<Result<readonly ChartRepository[] | undefined>> {
  if (serverConfig === undefined) return ok(undefined);
  const settings = await readServerSettings(serverConfig);
  return settings.ok ? ok(settings.value.chartRepositories) : settings;
}

/** Defaults that could not be read become a remark on standard error. */
async function readConfig({ configRepository, defaults }: Options): Promise<Result<Config>> {
  const text = await readConfigText(configRepository);
  if (!text.ok) return text;
  const extended = await readDefaults(text.value, defaults);
  if (!extended.ok) return extended;
  printComplaint(defaultsRemarks(text.value, defaults).map(remarkText).join(""));
  return parseConfig(text.value, {
    ...{ defaultBranch: "main", file: CONFIG_FILE, ...extended.value },
    ...{ deployers: deployersNamedIn(text.value), repository: LOCAL_REPOSITORY },
  });
}

/** With paths relative to the repository. */
function withFolder(change: Change, folder: string): Change {
  if (folder === "") return change;
  return { ...change, edits: change.edits.map((edit) => ({ ...edit, path: `${folder}/${edit.path}` })) };
}

function shown(plan: Plan & { readonly body?: string }): string {
  if (plan.kind === "refused") {
    const problems = plan.problems.map(({ message, help }) => `  ${message}\n  ${help}`).join("\n");
    return visibleLines(`${plan.environment}: refused\n${problems}\n`);
  }
  if (plan.kind === "unchanged") return visibleLines(`${plan.environment}: unchanged, ${plan.because}\n`);
  const diffs = plan.edits.map((edit) => patchOf(edit, ""));
  const { headline, body } = commitMessage(plan);
  return [promotionTitle(plan), "", ...diffs, `${headline}\n\n${body}`, "", plan.body, ""].join("\n");
}

function notAVersion(version: string): Problem {
  return {
    code: "malformed",
    message: `"${version}" is no version that can be published: it is not a semantic version.`,
    help: "Give --version as in Chart.yaml: MAJOR.MINOR.PATCH with an optional -prerelease and +build.",
  };
}
