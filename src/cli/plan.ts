// `plan`: a dry run of a publish on a local checkout: what would be proposed, as the server would propose it. Touches nothing.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { createTwoFilesPatch } from "diff";
import { parse } from "yaml";
import { parseConfig } from "../config/parse.ts";
import { filesToRead } from "../flow/look/asked.ts";
import { readUmbrella } from "../manifest/read-umbrella.ts";
import { normaliseUrl, resolveRepository } from "../model/chart-repository.ts";
import type { Config, Environment } from "../model/config.ts";
import type { Problem } from "../model/problem.ts";
import type { Change, Move, Plan } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import { repositoryUrls } from "../model/repository-urls.ts";
import type { ChartRepository } from "../model/settings.ts";
import type { BlobFile, Snapshot } from "../model/snapshot.ts";
import { branchOf } from "../plan/branches.ts";
import { planEnvironment } from "../plan/plan.ts";
import { commitMessage, titleOf } from "../plan/text.ts";
import type { ChartFacts, Opened } from "../review/facts.ts";
import { reviewBody } from "../review/review.ts";
import { CONFIG_FILE } from "./check.ts";

interface Options {
  readonly configRepository: string;
  readonly chart: string;
  readonly version: string;
  readonly repository?: string;
  readonly appVersion?: string;
  readonly values?: string;
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
    .option("--json", "print one JSON document")
    .action(plan);
}

async function plan(options: Options): Promise<void> {
  const config = await readConfig(options.configRepository);
  if (!config.ok) return refuse(options, config.problems);
  const plans: Plan[] = [];
  for (const environment of config.value.environments) plans.push(...(await planFor(environment, options)));
  if (options.json === true) process.stdout.write(`${JSON.stringify({ plans }, null, 2)}\n`);
  else
    process.stdout.write(
      plans.length === 0 ? `No environment depends on ${options.chart}.\n` : plans.map(shown).join("\n"),
    );
  process.exitCode = plans.some(({ kind }) => kind === "refused") ? 1 : 0;
}

async function readConfig(
  folder: string,
): Promise<
  | { readonly ok: true; readonly value: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] }
> {
  const text = await readFile(join(folder, CONFIG_FILE), "utf8").catch(() => undefined);
  if (text === undefined) {
    return {
      ok: false,
      problems: [
        {
          code: "config-invalid",
          message: `There is no ${CONFIG_FILE} in ${folder}.`,
          help: "Give --config-repository a checkout that has one.",
        },
      ],
    };
  }
  const named = [...text.matchAll(/[\w.-]+/g)].map(([word]) => word);
  return parseConfig(text, { defaultBranch: "main", deployers: named, file: CONFIG_FILE });
}

async function planFor(environment: Environment, options: Options): Promise<readonly Plan[]> {
  const folder = join(options.configRepository, environment.path);
  const manifests = await readFiles(folder, filesToRead(environment, []));
  const repositories = repositoriesIn(manifests, options);
  const umbrella = readUmbrella(textsOf(manifests), repositoryUrls(repositories));
  const entries = umbrella.ok ? umbrella.value.dependencies.filter(({ name }) => name === options.chart) : [];
  const [repository] = entries.flatMap((entry) => resolveRepository(repositories, entry.repository) ?? []);
  if (umbrella.ok && !repository) return [];
  const keys = entries.map(({ alias, name }) => alias ?? name);
  const branch = branchOf(environment, options.chart);
  const snapshot: Snapshot = {
    environment: environment.name,
    base: "0".repeat(40),
    files: await readFiles(folder, filesToRead(environment, keys)),
    vendored: await vendoredIn(folder),
    branches: new Map([[branch, { name: branch, pullRequests: [] }]]),
  };
  const publish = await publishOf(options, repository?.name ?? "");
  const { plans } = planEnvironment({
    environment,
    snapshot,
    publishes: [publish],
    charts: new Set([options.chart]),
    chartRepositories: repositories,
    waits: () => undefined,
  });
  return plans.map((made) => (made.kind === "change" ? withFolder(made, environment.path) : made));
}

/** Paths as they stand in the repository. */
function withFolder(change: Change, folder: string): Change {
  if (folder === "") return change;
  return { ...change, edits: change.edits.map((edit) => ({ ...edit, path: `${folder}/${edit.path}` })) };
}

/** The one that `--repository` names, or every one that the checkout's manifests write a URL of. */
function repositoriesIn(
  files: ReadonlyMap<string, BlobFile>,
  { repository }: Options,
): readonly ChartRepository[] {
  const texts = [...textsOf(files).values()].join("\n");
  const written = texts.match(/(?:https?|oci):\/\/[^\s"'#,}\]]+/g) ?? [];
  const urls =
    repository === undefined ? [...new Set(written.map((url) => normaliseUrl(url) ?? url))] : [repository];
  return urls.map((url) => ({
    name: url,
    url,
    also: [],
    kind: "chartmuseum",
    fetchFrom: url,
    credentials: { kind: "none" },
  }));
}

async function publishOf(options: Options, repository: string): Promise<Publish> {
  return {
    id: "dry-run",
    chart: options.chart,
    version: options.version,
    repository,
    values: options.values === undefined ? {} : parse(await readFile(options.values, "utf8")),
    source: {},
    publisher: "dry-run",
    at: new Date(),
    state: "verified",
    ...(options.appVersion !== undefined && { appVersion: options.appVersion }),
  };
}

async function readFiles(folder: string, paths: readonly string[]): Promise<ReadonlyMap<string, BlobFile>> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const file = join(folder, path);
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) return [];
      const mode = ((await stat(file)).mode & 0o100) === 0 ? 0o100644 : 0o100755;
      return [[path, { oid: path, mode, text }] as const];
    }),
  );
  return new Map(found.flat());
}

async function vendoredIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, "charts")).catch(() => []);
  return names.map((name) => `charts/${name}`);
}

function textsOf(files: ReadonlyMap<string, BlobFile>): ReadonlyMap<string, string> {
  return new Map(
    [...files].flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text] as const])),
  );
}

function shown(plan: Plan): string {
  if (plan.kind === "refused") {
    const problems = plan.problems.map(({ message, help }) => `  ${message}\n  ${help}`).join("\n");
    return `${plan.environment}: refused\n${problems}\n`;
  }
  if (plan.kind === "unchanged") return `${plan.environment}: unchanged, ${plan.because}\n`;
  const diffs = plan.edits.map(({ path, before, after }) =>
    createTwoFilesPatch(`a/${path}`, `b/${path}`, before ?? "", after ?? ""),
  );
  const { headline, body } = commitMessage(plan);
  const text = pullRequestText(plan);
  return [titleOf(plan), "", ...diffs, `${headline}\n\n${body}`, "", text, ""].join("\n");
}

/** As the server would write it, but for what only the chart repository could tell. */
function pullRequestText(change: Change): string {
  const [first, ...rest] = change.moves;
  return reviewBody({
    environment: change.environment,
    charts: [chartFacts(first), ...rest.map(chartFacts)],
    valuesFiles: [],
    notes: change.notes,
    policy: { satisfied: [], pending: [] },
    githubWeb: "https://github.com",
  });
}

function chartFacts({ chart, from, to, publish }: Move): ChartFacts {
  const unread: Opened = { kind: "missing", because: "a dry run asks no chart repository" };
  return {
    chart,
    keys: [],
    from,
    to,
    repositoryUrl: publish.repository,
    publish,
    signature: { kind: "unasked" },
    before: unread,
    after: unread,
    between: [],
    superseded: [],
    elsewhere: [],
  };
}

function refuse({ json }: Options, problems: readonly Problem[]): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ problems }, null, 2)}\n`);
  else
    for (const { message, help, place } of problems)
      process.stderr.write(`${place ? `${place.file}:${place.line ?? 1}: ` : ""}${message}\n  ${help}\n`);
  process.exitCode = 1;
}
