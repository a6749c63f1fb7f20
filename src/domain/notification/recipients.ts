// Who is told of what: by kind, and by the environment that it happened in.

import { matchesRepository } from "../model/config/glob.ts";
import type { Recipient } from "../model/config/settings.ts";
import type { HistoryEvent } from "../model/history.ts";

/** `repository`: `owner/name` of the event's config repository; absent where it is about none. */
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

/** A glob with an environment takes what happens in it; what concerns a whole repository, globs without one take. */
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
