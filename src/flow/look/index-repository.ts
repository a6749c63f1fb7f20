// Keeps the index of who depends on what in step with what a look found; says when the look has to be made again.

import { parseConfig } from "../../config/parse.ts";
import { readUmbrella } from "../../manifest/read-umbrella.ts";
import { resolveRepository } from "../../model/chart-repository.ts";
import type { Config } from "../../model/config.ts";
import type { LookAnswer } from "../../model/look.ts";
import type { ConfigRepository, Dependent, RepositoryIndex } from "../../model/repository.ts";
import { repositoryUrls } from "../../model/repository-urls.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { World } from "../world.ts";
import { describeConfigProblems } from "./config-issue.ts";

export type Indexed =
  /** The index is what the look assumed. */
  | { readonly kind: "same"; readonly repository: ConfigRepository }
  /** It is not: look again, by the new index. */
  | {
      readonly kind: "changed";
      readonly repository: ConfigRepository;
      readonly index: RepositoryIndex;
      readonly configChanged: boolean;
    };

export interface Seen {
  readonly repository: ConfigRepository;
  readonly index: RepositoryIndex | undefined;
  readonly answer: LookAnswer;
}

const CONFIG_FILE = ".github/chart-promoter.yml";

export async function indexRepository(seen: Seen, world: World): Promise<Indexed> {
  const { answer, index } = seen;
  const repository = await renewed(seen.repository, answer, world);
  if (!index || answer.config?.oid !== index.configOid) {
    return {
      kind: "changed",
      repository,
      index: await readConfig(repository, seen, world),
      configChanged: true,
    };
  }
  const config = index.config;
  if (!config) return { kind: "same", repository };
  const dependents = dependentsNow(config, seen, world);
  if (sameDependents(dependents, index.dependents)) return { kind: "same", repository };
  const changed = { ...index, dependents };
  await world.store.repositories.setIndex(repository.id, changed);
  return { kind: "changed", repository, index: changed, configChanged: false };
}

/** Renamed, transferred, archived, another default branch: noticed by looking, whether or not a webhook told. */
async function renewed(
  before: ConfigRepository,
  answer: LookAnswer,
  { store }: World,
): Promise<ConfigRepository> {
  const [owner = before.owner, name = before.name] = answer.nameWithOwner.split("/");
  const defaultBranch = answer.defaultBranch ?? before.defaultBranch;
  const now = { ...before, owner, name, defaultBranch, archived: answer.archived };
  if (JSON.stringify(now) !== JSON.stringify(before)) await store.repositories.renew(now);
  return now;
}

async function readConfig(
  repository: ConfigRepository,
  { answer, index }: Seen,
  world: World,
): Promise<RepositoryIndex> {
  const { settings, store, github } = world;
  const parsed =
    answer.config &&
    parseConfig(answer.config.text, {
      defaultBranch: repository.defaultBranch,
      deployers: settings.deployers.map(({ name }) => name),
      file: CONFIG_FILE,
    });
  const problems = parsed && !parsed.ok ? parsed.problems : [];
  const { configOid: _oid, config: _config, ...kept } = index ?? {};
  const read: RepositoryIndex = {
    ...kept,
    ...(answer.config && { configOid: answer.config.oid }),
    ...(parsed?.ok && { config: parsed.value }),
    problems,
    dependents: index?.dependents ?? [],
  };
  // First told, then on record: what could not be told is found to be new again by the next look.
  if (!answer.archived && (answer.config || index?.problems.length)) {
    await github.issue(repository, describeConfigProblems(CONFIG_FILE, problems));
  }
  await store.repositories.setIndex(repository.id, read);
  return read;
}

/** Of the environments that were read, from their manifests; of the others, as before. A broken manifest changes nothing. */
function dependentsNow(
  config: Config,
  { repository, index, answer }: Seen,
  world: World,
): readonly Dependent[] {
  return config.environments.flatMap(({ name }) => {
    const before = (index?.dependents ?? []).filter(({ environment }) => environment === name);
    const snapshot = answer.snapshots.get(name);
    return (snapshot && dependentsIn(snapshot, repository, world)) ?? before;
  });
}

function dependentsIn(
  snapshot: Snapshot,
  { id }: ConfigRepository,
  { settings }: World,
): readonly Dependent[] | undefined {
  const texts = [...snapshot.files].flatMap(([path, { text }]) =>
    text === undefined ? [] : [[path, text] as const],
  );
  const umbrella = readUmbrella(new Map(texts), repositoryUrls(settings.chartRepositories));
  if (!umbrella.ok) return undefined;
  return umbrella.value.dependencies.flatMap(({ name, alias, repository }) => {
    const known = resolveRepository(settings.chartRepositories, repository);
    const dependent = {
      repositoryId: id,
      environment: snapshot.environment,
      chart: name,
      key: alias ?? name,
    };
    return known ? [{ ...dependent, chartRepository: known.name }] : [];
  });
}

function sameDependents(a: readonly Dependent[], b: readonly Dependent[]): boolean {
  const keys = (list: readonly Dependent[]) =>
    list
      .map((dependent) => JSON.stringify(dependent))
      .sort()
      .join();
  return keys(a) === keys(b);
}
