// The source commits between the old and the new version, if both were announced with their revision and the App is
// installed on the source repository.

import { matchesRepository } from "../../../domain/model/config/glob.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { Move } from "../../../domain/model/promotion.ts";
import type { CommitRange } from "../../../domain/pull-request-body/facts.ts";
import type { Deps } from "../../context.ts";

const FULL_SHA = /^[0-9a-f]{40}$/;

/**
 * At most one request. None unless the source is the publisher's (`publishers.X.source` in server.yaml), the App is
 * installed on it in the config repository's own account, and both revisions are full SHAs: a publisher must not make
 * commits visible to readers who may not see them. Without a result the section is left out.
 */
export async function sourceCommits(
  { chart, from, publish }: Move,
  repository: ConfigRepository,
  deps: Deps,
): Promise<CommitRange | undefined> {
  const { repository: source, revision: to = "" } = publish.source;
  const name = nameOf(source);
  const publisher = deps.settings.publishers.find((one) => one.name === publish.publisher);
  if (!name || from === "" || !matchesRepository(publisher?.source ?? [], `${name.owner}/${name.name}`))
    return undefined;
  const known = await deps.store.repositories.findByName(name.owner, name.name);
  const before = await deps.store.publishes.find({ chart, repository: publish.repository }, from);
  const revision = before?.source.revision ?? "";
  const isOurs = known?.installationId === repository.installationId;
  if (!known || !isOurs || before?.source.repository !== source || revision === to) return undefined;
  if (!FULL_SHA.test(revision) || !FULL_SHA.test(to)) return undefined;
  try {
    return await deps.github.in(known).compareCommits({ from: revision, to });
  } catch (error) {
    deps.log.warn({ err: error, source }, "the source's commits could not be read");
    return undefined;
  }
}

function nameOf(source = ""): { readonly owner: string; readonly name: string } | undefined {
  const [owner, name] = source
    .replace(/^https?:\/\/[^/]+\//, "")
    .replace(/\.git$/, "")
    .split("/");
  return owner && name ? { owner, name } : undefined;
}
