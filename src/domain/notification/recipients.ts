// Which recipients are notified of an event: by its kind and its environment.

import { matchesRepository } from "../model/config/glob.ts";
import type { Recipient } from "../model/config/settings.ts";
import type { HistoryEvent } from "../model/history.ts";

/** `repository`: `owner/name` of the event's config repository; absent when it has none. */
export function recipientsOf(
  { kind, environment }: Pick<HistoryEvent, "kind" | "environment">,
  repository: string | undefined,
  recipients: readonly Recipient[],
): readonly string[] {
  return recipients
    .filter(({ events }) => events.includes(kind))
    .filter(({ repositories }) => !repositories || concerns(repositories, repository, environment))
    .map(({ name }) => name);
}

/**
 * A glob with an environment matches events of that environment; events of a whole repository are matched by globs
 * without one.
 */
function concerns(
  globs: readonly string[],
  repository: string | undefined,
  environment: string | undefined,
): boolean {
  if (repository === undefined) return false;
  return globs.some((glob) => {
    const isOfEnvironment = glob.includes("#");
    if (isOfEnvironment && environment === undefined) return false;
    return matchesRepository([glob], isOfEnvironment ? `${repository}#${environment}` : repository);
  });
}
