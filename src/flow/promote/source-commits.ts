// The commits between the version that is there and the one that comes, where both were announced with their revision and
// the App is installed on their source repository.

import type { Move } from "../../model/promotion.ts";
import type { CommitRange } from "../../review/facts.ts";
import type { World } from "../world.ts";

/** At most one request, and none for a source that the App is not installed on. Nothing found is nothing said. */
export async function sourceCommits(
  { chart, from, publish }: Move,
  world: World,
): Promise<CommitRange | undefined> {
  const { repository: source, revision: to } = publish.source;
  const [owner, name] = (source ?? "")
    .replace(/^https?:\/\/[^/]+\//, "")
    .replace(/\.git$/, "")
    .split("/");
  if (!owner || !name || to === undefined || from === "") return undefined;
  const known = await world.store.repositories.findByName(owner, name);
  const before = await world.store.publishes.find({ chart, repository: publish.repository }, from);
  const revision = before?.source.revision;
  if (!known || revision === undefined || before?.source.repository !== source || revision === to)
    return undefined;
  try {
    return await world.github.compareCommits(known, { from: revision, to });
  } catch (error) {
    world.log.warn({ err: error, source }, "the source's commits could not be read");
    return undefined;
  }
}
