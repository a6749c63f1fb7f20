// What an operator has done, or a person on the dashboard: everything looked at again, or an environment deployed again.

import type { EnvironmentKey } from "../domain/model/config/config.ts";
import type { RepeatRequest } from "../domain/model/drift.ts";
import { fail, type Result } from "../domain/model/problem.ts";
import type { Deps } from "./context.ts";
import { requestRepeat } from "./drift/request-repeat.ts";
import { enqueue } from "./keys.ts";

/** All are durable when they resolve, and done by the server, also by one that is started later. */
export function operatorActions(deps: Pick<Deps, "store" | "clock">) {
  return {
    sync: () => sync(deps),
    redeploy: (asked: EnvironmentAsked) => redeploy(asked, deps),
    repeat: (key: EnvironmentKey, request: Pick<RepeatRequest, "task" | "by">) => repeat(key, request, deps),
  };
}

/** Whatever a glance shows. */
async function sync({ store }: Pick<Deps, "store">): Promise<void> {
  await store.glances.forget();
  await enqueue(store.queue, { kind: "resync" }, "promotion");
}

interface EnvironmentAsked {
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
}

async function redeploy(
  { repository, environment }: EnvironmentAsked,
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
