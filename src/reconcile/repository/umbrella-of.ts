// The umbrella chart of an environment, from a snapshot.

import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Snapshot } from "../../domain/model/github/snapshot.ts";
import { textsOf } from "../../domain/model/github/texts-of.ts";
import type { Result } from "../../domain/model/problem.ts";
import { MANIFEST_FILES, type Umbrella } from "../../domain/model/umbrella.ts";
import type { Deps } from "../context.ts";

/** Cache: index, texts and every other environment of the repository use it, so each snapshot is parsed once. */
const READ = new WeakMap<Snapshot, Promise<Result<Umbrella>>>();

export function umbrellaOf(
  snapshot: Snapshot,
  { owner }: Pick<ConfigRepository, "owner">,
  { decisions, settings }: Pick<Deps, "decisions" | "settings">,
): Promise<Result<Umbrella>> {
  const known = READ.get(snapshot);
  if (known) return known;
  const manifests = [...textsOf(snapshot.files)].filter(([path]) => MANIFEST_FILES.includes(path));
  const urls = repositoryUrls(settings.chartRepositories);
  const read = decisions.decide(owner, "readUmbrella", new Map(manifests), urls);
  READ.set(snapshot, read);
  return read;
}
