// Checks an environment of a config file against a checkout and server.yaml: what it refers to, and names that match
// nothing.

import { join } from "node:path";
import { resolveRepository } from "../../domain/model/chart/chart-repository.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import { matchesGlob } from "../../domain/model/config/glob.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Dependency } from "../../domain/model/umbrella.ts";
import { MANIFEST_FILES } from "../../domain/model/umbrella.ts";
import { ruleFor } from "../../domain/plan/chart-rule.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { readFolder } from "./chart-folder.ts";

export interface FoundEnvironment {
  readonly name: string;
  readonly path: string;
  readonly branch: string;
  /** Absent when there is none that can be read, or when the environment is on another branch than the checkout. */
  readonly manifest?: string;
  readonly charts: readonly FoundChart[];
  readonly deployers: readonly string[];
  /** One sentence each. */
  readonly warnings: readonly string[];
}

interface FoundChart {
  readonly chart: string;
  readonly version: string;
  /** Its name in server.yaml; absent when it has none, or no server.yaml was given. */
  readonly chartRepository?: string;
  /** As written in the manifest. */
  readonly repository: string;
}

export interface CheckedOut {
  readonly folder: string;
  /** The branch that the checkout is assumed to be of. */
  readonly branch: string;
  /** From server.yaml; absent when none was given. */
  readonly repositories?: readonly ChartRepository[];
}

export async function findEnvironment(environment: Environment, at: CheckedOut): Promise<FoundEnvironment> {
  const { name, branch, deploy } = environment;
  const path = environment.path || ".";
  const about = { name, path, branch, deployers: deploy };
  if (branch !== at.branch) {
    const unseen = `its branch ${branch} is not looked at, since the checkout is taken for ${at.branch}.`;
    return { ...about, charts: [], warnings: [unseen] };
  }
  const read = await readFolder(join(at.folder, environment.path), MANIFEST_FILES);
  const umbrella = read.ok ? readUmbrella(read.value.files, new Map()) : read;
  if (!umbrella.ok) {
    const because = umbrella.problems[0]?.message ?? "it cannot be read.";
    return { ...about, charts: [], warnings: [`its folder ${path} has no umbrella chart: ${because}`] };
  }
  const { manifest, dependencies } = umbrella.value;
  const promoted = dependencies.filter((one) => ruleFor(environment, one.name) !== undefined);
  const charts = promoted.map((one) => foundChart(one, at.repositories));
  return { ...about, manifest, charts, warnings: warningsOf(environment, dependencies, { charts, at }) };
}

function foundChart(
  { name, version, repository }: Dependency,
  repositories: readonly ChartRepository[] | undefined,
): FoundChart {
  const known = repositories && resolveRepository(repositories, repository)?.name;
  return { chart: name, version, repository, ...(known !== undefined && { chartRepository: known }) };
}

function warningsOf(
  { charts: rules, path }: Environment,
  dependencies: readonly Dependency[],
  { charts, at }: { readonly charts: readonly FoundChart[]; readonly at: CheckedOut },
): readonly string[] {
  const idle = rules.filter(({ glob }) => !dependencies.some(({ name }) => matchesGlob(glob, name)));
  const strange = at.repositories ? charts.filter((one) => one.chartRepository === undefined) : [];
  return [
    ...(dependencies.length === 0 ? [`the chart in ${path || "."} depends on nothing.`] : []),
    ...idle.map(({ glob }) => `charts: "${glob}" matches no dependency.`),
    ...strange.map(({ chart, repository }) =>
      repository === ""
        ? `${chart} comes from no chart repository: it is never promoted.`
        : `${chart} comes from ${repository}, which is no chart repository of server.yaml: it is never promoted.`,
    ),
  ];
}
