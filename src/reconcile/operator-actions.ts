// What an operator has done, or a person on the dashboard: everything looked at again, or an environment deployed again.

import type { EnvironmentKey } from "../domain/model/config/config.ts";
import type { RepeatRequest } from "../domain/model/drift.ts";
import { fail, type Result } from "../domain/model/problem.ts";
import type { Deps } from "./context.ts";
import { requestRepeat } from "./drift/request-repeat.ts";
import { fullResyncOf } from "./installation/discover.ts";
import { enqueue, parseKey } from "./keys.ts";

/** All are durable when they resolve, and done by the server, also by one that is started later. */
export function operatorActions(deps: Pick<Deps, "store" | "clock">) {
  return {
    sync: () => sync(deps),
    replay: (key: string) => replay(key, deps),
    redeploy: (redeployment: EnvironmentRequest) => redeploy(redeployment, deps),
    repeat: (key: EnvironmentKey, request: Pick<RepeatRequest, "task" | "by">) => repeat(key, request, deps),
  };
}

/** Whatever a glance shows. */
async function sync({ store }: Pick<Deps, "store">): Promise<void> {
  await store.glances.forget();
  await enqueue(store.queue, { kind: "resync" }, "promotion");
}

/** Of a repository everything is looked at, whatever is left of what its key was given up with. False when the key is not dead. */
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
