// Closes an open promotion, with the reason, when its version was taken back in the upstream environment.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { promotedVersions } from "../../domain/plan/history.ts";
import { judgeUpstream } from "../../domain/plan/upstream.ts";
import { unlessRefused } from "../ports/github/github-refusal.ts";
import { withdrawal } from "./comments.ts";
import type { ObservedEnvironment } from "./observed-repository.ts";

/**
 * Returns the reason when anything was closed: the observed state is then outdated. A pull request that is still open
 * in the next round is one that GitHub does not let the App close; it is skipped.
 */
export async function withdraw({
  snapshot,
  upstream,
  about,
  deps,
}: ObservedEnvironment): Promise<string | undefined> {
  for (const { name, pullRequests } of snapshot.branches.values()) {
    const open = pullRequests.find(({ state, byApp }) => state === "open" && byApp);
    if (!open) continue;
    for (const { chart, version, rolledBackFrom } of promotedVersions(open)) {
      if (rolledBackFrom !== undefined) continue;
      const verdict = judgeUpstream(upstream, { chart, version }, deps.clock());
      if (verdict.kind !== "withdrawn") continue;
      const { because } = verdict;
      if (isInVain(name, because, about.doubts)) {
        deps.log.warn(
          { repository: nameWithOwner(about.repository), number: open.number },
          "GitHub does not close it",
        );
        continue;
      }
      const close = () => deps.github.in(about.repository).closePullRequest(open.id, withdrawal(because));
      await unlessRefused(close, deps);
      return `#${open.number} was withdrawn: ${because}`;
    }
  }
  return undefined;
}

function isInVain(branch: string, because: string, doubts: Map<string, string>): boolean {
  const key = `withdrawn ${branch}`;
  const before = doubts.get(key);
  doubts.set(key, because);
  return before === because;
}
