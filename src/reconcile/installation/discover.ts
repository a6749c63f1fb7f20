// The repositories that the App may access: updated by webhooks, and listed afresh at start, on a schedule and on
// `sync`.

import type { Delivery } from "../../domain/model/github/event.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { workOf } from "../keys.ts";
import type { QueuedWork } from "../ports/store/queue.ts";
import type { ReconcileResult } from "../requeue.ts";
import { enqueueGlances } from "./glance-parts.ts";

/** What listing one installation needs from outside. */
export interface DiscoverDeps extends Pick<Deps, "store" | "clock" | "log"> {
  readonly github: Pick<Deps["github"], "installed" | "renewToken">;
}

/** When two installations list the same repository, list them again after this time. */
const CONTESTED_MS = 10_000;

/**
 * Enqueues the listing of every installation, to find repositories added, removed, renamed or archived while the server
 * was down. `withinMs`: the time over which they are spread.
 */
export async function discoverAll(
  { withinMs }: { readonly withinMs: number },
  { store, github, clock }: Pick<Deps, "store" | "github" | "clock">,
): Promise<void> {
  const installations = await github.installations();
  const known = await store.repositories.all();
  const gone = new Set(known.map(({ installationId }) => installationId));
  for (const id of installations) gone.delete(id);
  const now = clock().getTime();
  const all = [...installations, ...gone];
  const work = all.map((id, at) => {
    const after = new Date(now + (withinMs * at) / all.length);
    return { ...workOf({ kind: "installation", id }), ...(after.getTime() > now && { after }) };
  });
  await store.queue.enqueueAll(work);
}

/**
 * Syncs the recorded repositories of one installation and enqueues glances at them. While a repository is being
 * transferred, the listings of the old and the new installation may run in any order: only the installation on record
 * removes the repository, and the other one takes it over.
 */
export async function discover(installationId: number, deps: DiscoverDeps): Promise<ReconcileResult> {
  const { store, github, log } = deps;
  const covered = (await github.installed(installationId)) ?? [];
  const ids = new Set(covered.map(({ id }) => id));
  for (const repository of await store.repositories.ofInstallation(installationId)) {
    if (ids.has(repository.id)) continue;
    const removed = await store.repositories.remove(repository, await refusedBy(repository, deps));
    if (removed)
      log.info({ repository: nameWithOwner(repository) }, "repository no longer covered by the App");
  }
  await renewIfLacking(installationId, covered, deps);
  const elsewhere: Elsewhere[] = [];
  for (const repository of covered) {
    const other = await store.repositories.put(repository);
    if (other !== undefined) elsewhere.push({ repository, other });
  }
  await enqueueGlances(installationId, store);
  return takeOver(elsewhere, deps);
}

/**
 * An installation token keeps the permissions of its creation: renew it, as a lacking permission may have been granted
 * since.
 */
async function renewIfLacking(
  installationId: number,
  covered: readonly ConfigRepository[],
  { store, github, log }: DiscoverDeps,
): Promise<void> {
  for (const { id } of covered) {
    if ((await store.permissions.lacking(id)).length === 0) continue;
    return github
      .renewToken(installationId)
      .catch((error: unknown) => log.warn({ installationId, err: error }, "no new token could be had"));
  }
}

/** A repository that is recorded under another installation. */
interface Elsewhere {
  readonly repository: ConfigRepository;
  readonly other: number;
}

/** Lists the other installation again: while it still has the repository, our listing may be the older one. */
async function takeOver(elsewhere: readonly Elsewhere[], deps: DiscoverDeps): Promise<ReconcileResult> {
  const { store, github, clock } = deps;
  let contested = false;
  for (const [other, found] of Map.groupBy(elsewhere, (one) => one.other)) {
    const theirs = new Set(((await github.installed(other)) ?? []).map(({ id }) => id));
    for (const { repository } of found) {
      const taken =
        !theirs.has(repository.id) && (await store.repositories.put(repository, other)) === undefined;
      if (taken) await requestFullResync(repository.id, deps);
      else contested = true;
    }
  }
  return contested ? { requeueAt: new Date(clock().getTime() + CONTESTED_MS) } : undefined;
}

/** Marks open and pending promotions refused; a reinstall starts afresh. */
async function refusedBy(
  { id, owner, name }: ConfigRepository,
  { store }: DiscoverDeps,
): Promise<readonly PromotionRecord[]> {
  const because = `the App cannot see ${owner}/${name}: install it there again`;
  const index = await store.repositories.index(id);
  const records = await store.promotions.ofRepository(id);
  const open = records.filter(({ state }) => state === "proposed" || state === "refused");
  const refused = new Map(open.map((record) => [`${record.publishId} ${record.environment}`, record]));
  for (const publishId of await store.publishes.routesOf(id)) {
    const publish = await store.publishes.get(publishId);
    for (const { environment, chart, chartRepository } of index?.dependents ?? []) {
      if (chart !== publish?.chart || chartRepository !== publish.repository) continue;
      refused.set(`${publishId} ${environment}`, {
        publishId,
        repositoryId: id,
        environment,
        chart,
        state: "refused",
        because,
      });
    }
  }
  return [...refused.values()].map(({ help: _past, ...record }) => ({
    ...record,
    state: "refused",
    because,
  }));
}

/** Enqueues a reconcile of every environment and chart of one repository. */
export async function requestFullResync(
  repositoryId: number,
  { store, clock }: Pick<Deps, "store" | "clock">,
  how: { readonly repeated?: true } = {},
): Promise<void> {
  const { delivery, work } = fullResyncOf(repositoryId, clock(), how);
  await store.deliveries.keepAndEnqueue([delivery], work);
}

/** The resync event and its queue key. Each has a new id, since an event id that was dealt with is not kept again. */
export function fullResyncOf(
  repositoryId: number,
  receivedAt: Date,
  how: { readonly repeated?: true } = {},
): { readonly delivery: Delivery; readonly work: QueuedWork } {
  const id = `resync-${repositoryId}-${crypto.randomUUID()}`;
  return {
    delivery: { id, repositoryId, event: { kind: "resync", ...how }, receivedAt },
    work: workOf({ kind: "repository", id: repositoryId }),
  };
}
