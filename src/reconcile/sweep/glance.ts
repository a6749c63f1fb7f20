// The sweep, for what no webhook told of: some repositories at a time are glanced at by one query, and looked at in full where that
// shows anything new, or does not show enough. A look that may have seen less than the glance does not count: it is made again.

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
 * Where GitHub does not answer for all of them, each is looked at alone. What happened just before the server started may not show
 * yet, to the glance or to a resync: they are glanced at once more, and a resync that may have read less is repeated.
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

/** What waits for a limit waits; anything else may be the fault of one repository. */
async function unlessUnanswered<T>(
  ask: () => Promise<T>,
  { log }: Pick<Deps, "log">,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || !("kind" in error) || error.kind === "limited") throw error;
    log.warn({ err: error }, "repositories are looked at one by one");
    return undefined;
  }
}

/** In which nothing is new since they were looked at in full: "read-early" where that one may have read less. */
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

/** Of what a resync goes by, as far as the repository's index does not tell: GitHub's side, the program and server.yaml. */
function digestOf(shown: string, { settings }: Pick<Deps, "settings">): string {
  const { chartRepositories, deployers, imageRegistries, pauses, onboarding } = settings;
  const terms = [VERSION, chartRepositories, deployers, imageRegistries, pauses, onboarding];
  return createHash("sha256")
    .update(JSON.stringify([shown, terms]))
    .digest("hex");
}

/** In full, and when GitHub's answers could not lag behind the glance any more. */
function isLookedAt({ seenAt, lookedAt }: Glance): boolean {
  return lookedAt !== undefined && lookedAt.getTime() - seenAt.getTime() >= LAG_MS;
}

/** Nothing is on record there that is tried again whenever everything is looked at. */
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
