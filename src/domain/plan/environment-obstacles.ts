// Why an environment cannot get promotions at all: problems of its folder, and chart repositories that it may not use.

import { resolveRepository } from "../model/chart/chart-repository.ts";
import { repositoryUrls } from "../model/chart/repository-urls.ts";
import type { Environment } from "../model/config/config.ts";
import type { ChartRepository } from "../model/config/settings.ts";
import type { Obstacle } from "../model/obstacle.ts";
import { ok, type Result } from "../model/problem.ts";
import type { Dependency, Files } from "../model/umbrella.ts";
import { readUmbrella } from "../umbrella/read-umbrella.ts";
import { ruleFor } from "./chart-rule.ts";

export interface EnvironmentFolderInput {
  readonly environment: Environment;
  /** By path relative to its folder. */
  readonly files: Files;
  /** All chart repositories of server.yaml. */
  readonly chartRepositories: readonly ChartRepository[];
  /** Names of the chart repositories that the config repository may use. */
  readonly allowed: ReadonlySet<string>;
  /** The config repository: `owner/name`. */
  readonly repository: string;
}

export function environmentObstacles(input: EnvironmentFolderInput): Result<readonly Obstacle[]> {
  const { environment, files, chartRepositories } = input;
  const umbrella = readUmbrella(files, repositoryUrls(chartRepositories));
  const { name, path } = environment;
  if (!umbrella.ok) {
    const where = path === "" ? "the repository's root" : path;
    const message = `In ${where}: ${umbrella.problems.map((problem) => problem.message).join(" ")}`;
    return ok([{ of: "folder", environment: name, message, help: umbrella.problems[0]?.help ?? "" }]);
  }
  const promoted = umbrella.value.dependencies.filter((dependency) => ruleFor(environment, dependency.name));
  const found = promoted.flatMap((dependency) => sourceObstacle(dependency, input));
  return ok([...new Map(found.map((obstacle) => [obstacle.chart, obstacle])).values()]);
}

/** A dependency from a chart repository that the operator does not allow for this config repository. */
function sourceObstacle(
  { name, repository: written }: Dependency,
  { environment, chartRepositories, allowed, repository }: EnvironmentFolderInput,
): readonly Obstacle[] {
  const known = resolveRepository(chartRepositories, written);
  if (!known || allowed.has(known.name)) return [];
  return [
    {
      of: "folder",
      environment: environment.name,
      chart: name,
      message: `It comes from the chart repository "${known.name}", which ${repository} may not use.`,
      help: `Have the operator list ${repository} under chartRepositories.${known.name}.repositories in server.yaml.`,
    },
  ];
}
