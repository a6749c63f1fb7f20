// What an operator has done: everything looked at again, or an environment deployed again.

import { fail, type Result } from "../domain/model/problem.ts";
import type { Deps } from "./context.ts";
import { requestRepeat } from "./drift/request-repeat.ts";
import { enqueue } from "./keys.ts";

/** Both are durable when they resolve, and done by the server, also by one that is started later. */
export function operatorActions(deps: Pick<Deps, "store" | "clock">) {
  return {
    sync: () => enqueue(deps.store.queue, { kind: "resync" }, "promotion"),
    redeploy: (asked: EnvironmentAsked) => redeploy(asked, deps),
  };
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
  const intent = `operator:${crypto.randomUUID()}`;
  const request = { task: "redeploy", intent, by: "operator" } as const;
  return requestRepeat({ repositoryId: found.id, environment }, request, deps);
}
