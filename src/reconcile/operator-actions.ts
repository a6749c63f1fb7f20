// Actions of an operator, or of a person on the dashboard: full resync, replay of a dead key, and repeated deployment.

import type { EnvironmentKey } from "../domain/model/config/config.ts";
import type { RepeatRequest } from "../domain/model/drift.ts";
import { fail, type Result } from "../domain/model/problem.ts";
import type { Deps } from "./context.ts";
import { requestRepeat } from "./drift/request-repeat.ts";
import { fullResyncOf } from "./installation/discover.ts";
import { enqueue, parseKey } from "./keys.ts";

/** All are durable when they resolve; a server that starts later carries them out as well. */
export function operatorActions(deps: Pick<Deps, "store" | "clock">) {
  return {
    sync: () => sync(deps),
    replay: (key: string) => replay(key, deps),
    redeploy: (redeployment: EnvironmentRequest) => redeploy(redeployment, deps),
    repeat: (key: EnvironmentKey, request: Pick<RepeatRequest, "task" | "by">) => repeat(key, request, deps),
  };
}

/** A full resync even of repositories whose glance shows no change. */
async function sync({ store }: Pick<Deps, "store">): Promise<void> {
  await store.glances.forget();
  await enqueue(store.queue, { kind: "resync" }, "promotion");
}

/**
 * Replays a dead key; for a repository with a full resync, as its original reasons may be gone. False when the key is
 * not dead.
 */
async function replay(key: string, { store, clock }: Pick<Deps, "store" | "clock">): Promise<boolean> {
  const parsed = parseKey(key);
  const isDead = (await store.queue.dead()).some((one) => one.key === key);
  if (isDead && parsed?.kind === "repository")
    await store.deliveries.keep(fullResyncOf(parsed.id, clock()).delivery);
  return store.queue.replay(key);
}

interface EnvironmentRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
}

async function redeploy(
  { repository, environment }: EnvironmentRequest,
  deps: Pick<Deps, "store" | "clock">,
): Promise<Result<{ readonly sha: string }>> {
  const [owner = "", name = ""] = repository.split("/");
  const found = await deps.store.repositories.findByName(owner, name);
  if (!found)
    return fail({
      code: "not-found",
      message: `The App is not known to cover a config repository "${repository}".`,
      help: "Write it as owner/name, as chart-promoter status lists it.",
    });
  return repeat({ repositoryId: found.id, environment }, { task: "redeploy", by: "operator" }, deps);
}

function repeat(
  key: EnvironmentKey,
  request: Pick<RepeatRequest, "task" | "by">,
  deps: Pick<Deps, "store" | "clock">,
): Promise<Result<{ readonly sha: string }>> {
  const door = request.by === "operator" ? "operator" : "dashboard";
  return requestRepeat(key, { ...request, intent: `${door}:${crypto.randomUUID()}` }, deps);
}
