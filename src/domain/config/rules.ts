// What a schema cannot express about .github/chart-promoter.yml: rules between keys, each a small function; all of them
// are checked.

import { reopens } from "../deployment/windows.ts";
import type { Config, Environment } from "../model/config/config.ts";
import { mayBeNamedBy } from "../model/config/deployer.ts";
import type { Deployer } from "../model/config/settings.ts";
import type { Value } from "../model/umbrella.ts";
import { pathText } from "../strvals/path-text.ts";
import { namedTwice } from "../strvals/unfold-values.ts";
import { parseConstraint } from "../versions/constraint.ts";
import { isEnvironmentName } from "./environment-name.ts";
import { isEnvironmentPath } from "./environment-path.ts";
import type { DocumentPath } from "./yaml-document.ts";

export interface ConfigObjection {
  readonly path: DocumentPath;
  readonly what: string;
  readonly help: string;
}

export interface RuleContext {
  readonly config: Config;
  /** Of server.yaml. */
  readonly deployers: readonly Pick<Deployer, "name" | "repositories">[];
  /** `owner/name` of the config repository. */
  readonly repository: string;
  /** Paths that the schema rejected: they have their defaults in `config`, and rules ignore them. */
  readonly refused: readonly DocumentPath[];
}

type EnvironmentRule = (environment: Environment, context: RuleContext) => readonly ConfigObjection[];

export function configObjections(context: RuleContext): readonly ConfigObjection[] {
  const { environments } = context.config;
  const none = {
    path: ["environments"],
    what: "there is no environment",
    help: "Name at least one, such as dev.",
  };
  const each = environments.flatMap((environment) => RULES.flatMap((rule) => rule(environment, context)));
  if (environments.length === 0) return context.refused.length === 0 ? [none] : [];
  return [...each, ...circles(context), ...samePlace(context), ...sameName(environments)];
}

const nameFitsABranch: EnvironmentRule = ({ name }) =>
  isEnvironmentName(name)
    ? []
    : [
        at(
          [name],
          "the name cannot be part of a branch name",
          "Use letters, digits, dots, dashes and underscores.",
        ),
      ];

const pathStaysInside: EnvironmentRule = ({ name, path }) =>
  isEnvironmentPath(path)
    ? []
    : [
        at(
          [name, "path"],
          `"${path}" is not a folder of the repository`,
          "Write a path from the root of the repository, without .. and without a leading slash.",
        ),
      ];

const branchIsAName: EnvironmentRule = ({ name, branch }) =>
  /^(?![/.-])(?!.*(\.\.|\/\/|@\{|\/\.|\.lock(\/|$)))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u.test(branch) &&
  !/^(@|HEAD|refs\/.*)$/.test(branch) &&
  !branch.startsWith("promote/")
    ? []
    : [
        at(
          [name, "branch"],
          `"${branch}" is not a branch to promote to`,
          "Write the branch's name without refs/heads/; promote/… is kept for the App's own branches.",
        ),
      ];

const constraintsAreHelms: EnvironmentRule = ({ name, charts }) =>
  charts.flatMap(({ glob, versions }) =>
    parseConstraint(versions).ok
      ? []
      : [
          at(
            [name, "charts", glob, "versions"],
            `"${shortened(versions)}" is not a version constraint that Helm understands`,
            "Write it as in a Chart.yaml: ~1.2, ^1.0.0, >=1.0.0 <2.0.0.",
          ),
        ],
  );

const placeholdersAreKnown: EnvironmentRule = ({ name, charts }) =>
  charts.flatMap(({ glob, values }) =>
    values.flatMap(({ path, value }) =>
      unknownPlaceholders(value).map((placeholder) =>
        at(
          [name, "charts", glob, "values", ...path],
          `${placeholder} is not a placeholder`,
          "Use {version}, {appVersion}, {digest} or {revision}.",
        ),
      ),
    ),
  );

const valuesAreNamedOnce: EnvironmentRule = ({ name, charts }) =>
  charts.flatMap(({ glob, values }) =>
    namedTwice(values).map(({ path }) =>
      at(
        [name, "charts", glob, "values"],
        `"${pathText(path)}" is named twice`,
        "Name each place once, and none below a value.",
      ),
    ),
  );

const valuesFilesAreBelow: EnvironmentRule = ({ name, valuesFiles }) =>
  valuesFiles.flatMap((file, index) =>
    /^(?!\/)(?!.*(^|\/)\.{0,2}\/)[^\\]+\.ya?ml$/.test(file) &&
    !/\{(?!chart\})/.test(file) &&
    !/^(Chart|requirements)\.yaml$/.test(file)
      ? []
      : [
          at(
            [name, "valuesFiles", index],
            `"${file}" is not a values file of the environment's folder`,
            "Write a path below the folder that ends in .yaml; {chart} is the only placeholder.",
          ),
        ],
  );

const soakNeedsAfter: EnvironmentRule = ({ name, soakMs, after }, { refused }) =>
  soakMs > 0 && !after && !isRefused(refused, name, "after")
    ? [at([name, "soak"], "soak says nothing without after", "Name the environment to soak in with after.")]
    : [];

const afterIsThere: EnvironmentRule = ({ name, after }, { config }) => {
  if (!after) return [];
  if (after.repository) return afterIsElsewhere(name, after.repository);
  if (config.environments.some((environment) => environment.name === after.environment)) return [];
  return [
    at(
      [name, "after"],
      `there is no environment "${after.environment}"`,
      "Name one of this file, or owner/repo#environment.",
    ),
  ];
};

/** Each environment names one upstream environment: following them must not return to an earlier one. */
function circles({ config }: RuleContext): readonly ConfigObjection[] {
  const before = new Map(
    config.environments.flatMap(({ name, after }) =>
      after && !after.repository ? [[name, after.environment] as const] : [],
    ),
  );
  const walked = new Map<string, string>();
  const onCircle = new Set<string>();
  for (const { name: start } of config.environments) {
    let name: string | undefined = start;
    for (; name !== undefined && !walked.has(name); name = before.get(name)) walked.set(name, start);
    const isNew = name !== undefined && walked.get(name) === start;
    for (let on = isNew ? name : undefined; on !== undefined && !onCircle.has(on); on = before.get(on))
      onCircle.add(on);
  }
  return [...onCircle].map((name) =>
    at([name, "after"], `${name} comes after itself`, "Break the circle: one environment must come first."),
  );
}

function afterIsElsewhere(name: string, repository: { readonly owner: string; readonly name: string }) {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(repository.owner) &&
    /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/.test(repository.name)
    ? []
    : [
        at(
          [name, "after"],
          `"${repository.owner}/${repository.name}" is not a repository`,
          "Write owner/repo#environment.",
        ),
      ];
}

const freezeEndsLater: EnvironmentRule = ({ name, freeze }) =>
  freeze.flatMap(({ from, to }, index) =>
    to > from
      ? []
      : [at([name, "freeze", index, "to"], "a freeze must end after it begins", "Set to later than from.")],
  );

/** Checked from one fixed day on: windows that never open would hold every deployment for ever. */
const windowsOpen: EnvironmentRule = ({ name, windows }) =>
  !windows || reopens(windows, new Date(Date.UTC(2026, 0, 1)))
    ? []
    : [
        at(
          [name, "windows"],
          "they leave no time in which anything could be deployed",
          "Allow a time that no window of deny covers.",
        ),
      ];

const deployersAreTheirs: EnvironmentRule = ({ name, deploy }, { deployers, repository }) => {
  const here = deployers.filter((deployer) => mayBeNamedBy(deployer, { repository, environment: name }));
  return deploy.flatMap((deployer, index) => {
    if (here.some((one) => one.name === deployer)) return [];
    const isThere = deployers.some((one) => one.name === deployer);
    const what = isThere
      ? `the deployer "${deployer}" does not deploy ${repository}#${name}`
      : `the server has no deployer "${deployer}"`;
    const others = here.map((one) => one.name).join(", ") || "there is none for this environment";
    const help = isThere
      ? "Have the operator list it under that deployer's repositories in server.yaml, or use one of these:"
      : "Use one of server.yaml:";
    return [at([name, "deploy", index], what, `${help} ${others}.`)];
  });
};

const driftNeedsADeployer: EnvironmentRule = ({ name, drift, deploy }, { refused }) =>
  drift && deploy.length === 0 && !isRefused(refused, name, "deploy")
    ? [
        at(
          [name, "drift"],
          "drift says nothing without deploy: a deployer looks at the cluster and reports",
          "Name the environment's deployer with deploy.",
        ),
      ]
    : [];

const RULES: readonly EnvironmentRule[] = [
  nameFitsABranch,
  pathStaysInside,
  branchIsAName,
  constraintsAreHelms,
  placeholdersAreKnown,
  valuesAreNamedOnce,
  valuesFilesAreBelow,
  soakNeedsAfter,
  afterIsThere,
  freezeEndsLater,
  windowsOpen,
  deployersAreTheirs,
  driftNeedsADeployer,
];

/** Two environments in one folder of one branch would edit the same files in two pull requests. */
function samePlace({ config, refused }: RuleContext): readonly ConfigObjection[] {
  const placed = config.environments.filter(
    ({ name }) => !isRefused(refused, name, "path") && !isRefused(refused, name, "branch"),
  );
  return twins(placed, ({ path, branch }) => JSON.stringify([path, branch])).map(({ one, other }) =>
    at(
      [other.name],
      `it has the same path and branch as ${one.name}`,
      "Give each environment a folder or a branch of its own.",
    ),
  );
}

/** GitHub compares environment names case-insensitively. */
function sameName(environments: readonly Environment[]): readonly ConfigObjection[] {
  return twins(environments, ({ name }) => name.toLowerCase()).map(({ one, other }) =>
    at([other.name], `GitHub takes it for the same environment as ${one.name}`, "Rename one."),
  );
}

/** Duplicates: each item but the first with the same key, together with that first one. */
function twins(
  environments: readonly Environment[],
  keyOf: (environment: Environment) => string,
): readonly { readonly one: Environment; readonly other: Environment }[] {
  return [...Map.groupBy(environments, keyOf).values()].flatMap(([one, ...others]) =>
    one === undefined ? [] : others.map((other) => ({ one, other })),
  );
}

/** Whether the schema rejected this key of the environment, or the whole environment. */
function isRefused(refused: readonly DocumentPath[], environment: string, key: string): boolean {
  return refused.some(([, name, part]) => name === environment && (part === undefined || part === key));
}

/** `path` begins with the environment's name. */
function at(path: DocumentPath, what: string, help: string): ConfigObjection {
  return { path: ["environments", ...path], what, help };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function unknownPlaceholders(value: Value): readonly string[] {
  if (typeof value === "string")
    return (value.match(/\{[A-Za-z]+\}/g) ?? []).filter((name) => !PLACEHOLDERS.has(name));
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(unknownPlaceholders);
}

const PLACEHOLDERS = new Set(["{version}", "{appVersion}", "{digest}", "{revision}"]);
