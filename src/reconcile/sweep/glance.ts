// The sweep, for lost webhooks: one query glances at several repositories, and a full resync follows for each that
// shows a change or has unfinished business. A resync whose reads may be older than the glance does not count and is
// repeated.

import { createHash } from "node:crypto";
import type { GlanceQuery } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository, RepositoryIndex } from "../../domain/model/github/repository.ts";
import { VERSION } from "../../domain/model/program.ts";
import type { Deps } from "../context.ts";
import { requestFullResync } from "../installation/discover.ts";
import { partOf } from "../installation/glance-parts.ts";
import { parseKey, type WorkKey } from "../keys.ts";
import type { Glance } from "../ports/store/glances.ts";
import { LAG_MS } from "../repository/stale-read.ts";
import type { ReconcileResult } from "../requeue.ts";
import { readFirst } from "./read-first.ts";

type Known = ConfigRepository & { readonly index: RepositoryIndex };

/**
 * When the bulk query fails, every repository gets a full resync. Shortly after the start, events just before it may be
 * invisible because of replica lag: the glance is repeated later.
 */
export async function glance(
  key: Extract<WorkKey, { readonly kind: "glance" }>,
  deps: Deps,
): Promise<ReconcileResult> {
  const known: Known[] = [];
  const fresh: ConfigRepository[] = [];
  for (const repository of await partOf(key, deps.store)) {
    const index = await deps.store.repositories.index(repository.id);
    if (index) known.push({ ...repository, index });
    else fresh.push(repository);
  }
  const { installationId } = key;
  await unlessUnanswered(() => readFirst(installationId, fresh, deps), deps);
  const unchanged = await unlessUnanswered(() => unchangedAmong(installationId, known, deps), deps);
  for (const { id } of [...fresh, ...known]) {
    const how = unchanged?.get(id);
    if (how !== "quiet") await requestFullResync(id, deps, how === "read-early" ? { repeated: true } : {});
  }
  const mayLag = deps.clock().getTime() - deps.startedAt.getTime() < LAG_MS;
  return mayLag ? { requeueAt: new Date(deps.clock().getTime() + LAG_MS) } : undefined;
}

/** Rethrows a rate limit, so that the queue waits; any other error may be caused by a single repository. */
async function unlessUnanswered<T>(
  request: () => Promise<T>,
  { log }: Pick<Deps, "log">,
): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof Error) || !("kind" in error) || error.kind === "limited") throw error;
    log.warn({ err: error }, "repositories are looked at one by one");
    return undefined;
  }
}

/** Repositories without a change since their last full resync. "read-early": that resync may have been a stale read. */
async function unchangedAmong(
  installationId: number,
  known: readonly Known[],
  deps: Deps,
): Promise<ReadonlyMap<number, "quiet" | "read-early">> {
  const { store, clock } = deps;
  if (known.length === 0) return new Map();
  const ids = known.map(({ id }) => id);
  const glances = await deps.github.within(installationId).glanceAtMany(known.map(queryOf));
  const now = clock();
  const before = await store.glances.of(ids);
  const unsettled = await store.glances.unsettled(ids);
  const dead = new Set((await store.queue.dead()).map(({ key }) => repositoryOf(key)));
  const unchanged = new Map<number, "quiet" | "read-early">();
  for (const { id, index } of known) {
    const shown = glances.get(id);
    if (shown === undefined) continue;
    const digest = digestOf(shown, deps);
    const seen = before.get(id);
    if (seen?.digest !== digest) await store.glances.see(id, digest, now);
    else if (seen.lookedAt && !isLookedAt(seen)) unchanged.set(id, "read-early");
    else if (seen.lookedAt && isSettled(index) && !unsettled.has(id) && !dead.has(id))
      unchanged.set(id, "quiet");
  }
  return unchanged;
}

function queryOf({ id, owner, name, index }: Known): GlanceQuery {
  const branches = new Set(index.config?.environments.map(({ branch }) => branch));
  const [defaultsOwner = "", defaultsName = ""] = index.configContext?.extended?.repository.split("/") ?? [];
  return {
    repository: { id, owner, name },
    branches: [...branches],
    ...(defaultsOwner !== "" && { extended: { owner: defaultsOwner, name: defaultsName } }),
  };
}

/**
 * Digest of what a resync depends on and the repository's index does not record: GitHub's state, the program's version
 * and server.yaml.
 */
function digestOf(shown: string, { settings }: Pick<Deps, "settings">): string {
  const { chartRepositories, deployers, imageRegistries, pauses, onboarding } = settings;
  const terms = [VERSION, chartRepositories, deployers, imageRegistries, pauses, onboarding];
  return createHash("sha256")
    .update(JSON.stringify([shown, terms]))
    .digest("hex");
}

/** Whether a full resync began late enough after the glance that replica lag cannot have hidden what the glance saw. */
function isLookedAt({ seenAt, lookedAt }: Glance): boolean {
  return lookedAt !== undefined && lookedAt.getTime() - seenAt.getTime() >= LAG_MS;
}

/** Whether the index records nothing that every resync retries. */
function isSettled(index: RepositoryIndex): boolean {
  const { config, problems, obstacles, lacking = [], requeueAt, backfillDue = false, readBy } = index;
  if (problems.length > 0 || lacking.length > 0 || requeueAt !== undefined || backfillDue) return false;
  if (!config) return true;
  const isRead = readBy === VERSION && index.configContext?.extended?.kind !== "unread";
  return isRead && obstacles?.length === 0;
}

function repositoryOf(key: string): number | undefined {
  const parsed = parseKey(key);
  if (parsed?.kind === "repository") return parsed.id;
  return parsed && "repositoryId" in parsed ? parsed.repositoryId : undefined;
}
