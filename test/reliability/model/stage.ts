// Where the random stories play: two config repositories, four environments in and out of a row, two charts.

import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import { MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";

export const CHARTS = ["app", "db"] as const;
export type Chart = (typeof CHARTS)[number];

export interface Environment {
  readonly name: string;
  readonly repository: string;
  readonly branch: string;
  /** Folder with its slash, "" for the root. */
  readonly folder: string;
  readonly manifest: "requirements.yaml" | "Chart.yaml";
  /** Name of the environment before this one. */
  readonly after?: string;
  readonly hasDeployer: boolean;
}

export const CONFIG = "acme/config";
export const PRODUCTION = "acme/production";

export const ENVIRONMENTS: readonly Environment[] = [
  {
    ...{ name: "dev", repository: CONFIG, branch: "main", folder: "dev/" },
    ...{ manifest: "requirements.yaml", hasDeployer: true },
  },
  {
    ...{ name: "staging", repository: CONFIG, branch: "main", folder: "staging/", after: "dev" },
    ...{ manifest: "Chart.yaml", hasDeployer: false },
  },
  {
    ...{ name: "lab", repository: CONFIG, branch: "lab", folder: "" },
    ...{ manifest: "Chart.yaml", hasDeployer: true },
  },
  {
    ...{ name: "production", repository: PRODUCTION, branch: "main", folder: "prod/", after: "staging" },
    ...{ manifest: "requirements.yaml", hasDeployer: true },
  },
];

/** One environment's promotions of one chart. */
export interface Place {
  readonly environment: Environment;
  readonly chart: Chart;
  /** The promotion branch. */
  readonly branch: string;
}

export const PLACES: readonly Place[] = ENVIRONMENTS.flatMap((environment) =>
  CHARTS.map((chart) => ({ environment, chart, branch: `promote/${environment.name}/${chart}` })),
);

export function nameOf({ environment, chart }: Place): string {
  return `${environment.name} ${chart}`;
}

/** Versions are 1.0.N, and told apart by N. */
export function versionText(patch: number): string {
  return `1.0.${patch}`;
}

export function patchIn(text: string): number {
  return Number(/^1\.0\.(\d+)$/.exec(text)?.[1]);
}

/** The only line of a manifest that a promotion of this chart may change, in any state of it. */
export function versionLine(chart: Chart): RegExp {
  return new RegExp(`(- name: ${chart}\\n    version: )(\\S+)`);
}

/** The values that come with every announcement: the same patch as the version. */
export const TAG_LINE = /(tag: )(v\S+)/;

export function valuesFor(chart: Chart, patch: number): object {
  return chart === "app" ? { image: { tag: `v${versionText(patch)}` } } : {};
}

const DEPENDENCIES = `# edited 0 times\ndependencies:\n${CHARTS.map(
  (chart) =>
    `  - name: ${chart}\n    version: 1.0.0 # says which version ${chart} is\n    repository: ${MUSEUM_URL}\n`,
).join("")}`;

function umbrella({ folder, manifest }: Environment): FilesGiven {
  const head = `apiVersion: ${manifest === "Chart.yaml" ? "v2" : "v1"}\nname: umbrella\nversion: 0.1.0\n`;
  const inChart = manifest === "Chart.yaml";
  return {
    [`${folder}Chart.yaml`]: inChart ? head + DEPENDENCIES : head,
    ...(!inChart && { [`${folder}requirements.yaml`]: DEPENDENCIES }),
    [`${folder}app.yaml`]: "app:\n  image:\n    tag: v1.0.0 # of app\n  replicas: 2\n",
  };
}

/** What a config leaves out: whole environments, and charts of others. */
export interface LeftOut {
  readonly environments: ReadonlySet<string>;
  /** `<environment> <chart>` */
  readonly charts: ReadonlySet<string>;
}

export const NOTHING_LEFT_OUT: LeftOut = { environments: new Set(), charts: new Set() };

/** `frozen`: names of environments. */
export function configOf(
  repository: string,
  leftOut: LeftOut = NOTHING_LEFT_OUT,
  frozen: ReadonlySet<string> = new Set(),
): string {
  const environments = ENVIRONMENTS.filter(
    (environment) => environment.repository === repository && !leftOut.environments.has(environment.name),
  );
  const entries = environments.map(
    (one) => entry(one) + chartsOf(one, leftOut) + (frozen.has(one.name) ? FREEZE : ""),
  );
  return `environments:\n${entries.join("")}`;
}

/** It begins before every story and ends after. */
const FREEZE = "    freeze: [{ from: 2020-01-01T00:00:00Z, to: 2099-01-01T00:00:00Z, reason: test }]\n";

/** Heals of an environment in a day; a story lasts less than one. */
export const AT_MOST = 2;

function chartsOf({ name }: Environment, { charts }: LeftOut): string {
  const named = CHARTS.filter((chart) => !charts.has(`${name} ${chart}`));
  return named.length === CHARTS.length ? "" : `    charts: [${named.join(", ")}]\n`;
}

function entry({ name, repository, branch, folder, after, hasDeployer }: Environment): string {
  const before = ENVIRONMENTS.find((environment) => environment.name === after);
  const elsewhere = before?.repository === repository ? "" : `${before?.repository}#`;
  return [
    `  ${name}:\n    path: ${folder === "" ? "." : folder.slice(0, -1)}\n    branch: ${branch}\n`,
    after === undefined ? "" : `    after: "${elsewhere}${after}"\n`,
    hasDeployer ? `    deploy: [hook]\n    drift: { every: 7d, heal: on, atMost: ${AT_MOST} }\n` : "",
  ].join("");
}

/** What a repository holds at first on one of its branches. */
export function filesOn(repository: string, branch: string): FilesGiven {
  const here = ENVIRONMENTS.filter((one) => one.repository === repository && one.branch === branch);
  return {
    ".github/chart-promoter.yml": configOf(repository),
    ...Object.assign({}, ...here.map(umbrella)),
  };
}
