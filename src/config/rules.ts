// What a schema cannot say about .github/chart-promoter.yml: rules between keys, each a small function, all of them asked.

import type { Config, Environment } from "../model/config.ts";
import type { Value } from "../model/umbrella.ts";
import { parseConstraint } from "../versions/constraint.ts";
import type { Path } from "./yaml-document.ts";

export interface Objection {
  readonly path: Path;
  readonly what: string;
  readonly help: string;
}

export interface RuleContext {
  readonly config: Config;
  /** Deployers in server.yaml. */
  readonly deployers: readonly string[];
  /** What the schema refused already: it stands at its default in `config`, and nothing is said of that. */
  readonly refused: readonly Path[];
}

type EnvironmentRule = (environment: Environment, context: RuleContext) => readonly Objection[];

export function objections(context: RuleContext): readonly Objection[] {
  const { environments } = context.config;
  const none = {
    path: ["environments"],
    what: "there is no environment",
    help: "Name at least one, such as dev.",
  };
  const each = environments.flatMap((environment) => RULES.flatMap((rule) => rule(environment, context)));
  if (environments.length === 0) return context.refused.length === 0 ? [none] : [];
  return [...each, ...samePlace(context), ...sameName(environments)];
}

const nameFitsABranch: EnvironmentRule = ({ name }) =>
  /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/.test(name) && name.length <= 100 && !name.endsWith(".lock")
    ? []
    : [
        at(
          [name],
          "the name cannot be part of a branch name",
          "Use letters, digits, dots, dashes and underscores.",
        ),
      ];

const pathStaysInside: EnvironmentRule = ({ name, path }) =>
  path.startsWith("/") ||
  path.includes("\\") ||
  path.split("/").some((part) => part === ".." || part === "." || (part === "" && path !== ""))
    ? [
        at(
          [name, "path"],
          `"${path}" is not a folder of the repository`,
          "Write a path from the root of the repository, without .. and without a leading slash.",
        ),
      ]
    : [];

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

const valuePathsHaveNames: EnvironmentRule = ({ name, charts }) =>
  charts.flatMap(({ glob, values }) =>
    values.flatMap(({ path }) =>
      path.every((part) => part !== "")
        ? []
        : [
            at(
              [name, "charts", glob, "values"],
              `the path "${path.join(".")}" has an empty part`,
              "Write one dot between two keys; \\. is a dot of the key itself.",
            ),
          ],
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
  const here = new Map(config.environments.map((environment) => [environment.name, environment]));
  if (!here.has(after.environment)) {
    return [
      at(
        [name, "after"],
        `there is no environment "${after.environment}"`,
        "Name one of this file, or owner/repo#environment.",
      ),
    ];
  }
  const seen = new Set([name]);
  for (
    let next = here.get(after.environment);
    next;
    next = next.after && !next.after.repository ? here.get(next.after.environment) : undefined
  ) {
    if (seen.has(next.name)) {
      return next.name === name
        ? [
            at(
              [name, "after"],
              `${name} comes after itself`,
              "Break the circle: one environment must come first.",
            ),
          ]
        : [];
    }
    seen.add(next.name);
  }
  return [];
};

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

const deployersAreKnown: EnvironmentRule = ({ name, deploy }, { deployers }) =>
  deploy.flatMap((deployer, index) =>
    deployers.includes(deployer)
      ? []
      : [
          at(
            [name, "deploy", index],
            `the server has no deployer "${deployer}"`,
            `Use one of server.yaml: ${deployers.join(", ") || "it has none"}.`,
          ),
        ],
  );

const RULES: readonly EnvironmentRule[] = [
  nameFitsABranch,
  pathStaysInside,
  branchIsAName,
  constraintsAreHelms,
  placeholdersAreKnown,
  valuePathsHaveNames,
  valuesFilesAreBelow,
  soakNeedsAfter,
  afterIsThere,
  freezeEndsLater,
  deployersAreKnown,
];

/** Two environments in one folder of one branch would edit the same files in two pull requests. */
function samePlace({ config, refused }: RuleContext): readonly Objection[] {
  const placed = config.environments.filter(
    ({ name }) => !isRefused(refused, name, "path") && !isRefused(refused, name, "branch"),
  );
  return placed.flatMap(({ name, path, branch }, index) => {
    const twin = placed.slice(0, index).find((other) => other.path === path && other.branch === branch);
    const what = `it has the same path and branch as ${twin?.name}`;
    return twin ? [at([name], what, "Give each environment a folder or a branch of its own.")] : [];
  });
}

/** GitHub tells environments apart without regard to case. */
function sameName(environments: readonly Environment[]): readonly Objection[] {
  return environments.flatMap(({ name }, index) => {
    const twin = environments
      .slice(0, index)
      .find((other) => other.name.toLowerCase() === name.toLowerCase());
    return twin
      ? [at([name], `GitHub takes it for the same environment as ${twin.name}`, "Rename one.")]
      : [];
  });
}

/** Whether the environment's key, or the environment as a whole, was refused. */
function isRefused(refused: readonly Path[], environment: string, key: string): boolean {
  return refused.some(([, name, part]) => name === environment && (part === undefined || part === key));
}

/** `path` begins with the environment's name. */
function at(path: Path, what: string, help: string): Objection {
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
