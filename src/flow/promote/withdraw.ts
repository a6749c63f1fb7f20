// An open promotion whose version was taken back in the environment before this one is closed with the reason.

import { carriedByAll } from "../../plan/history.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { withdrawal } from "./comments.ts";
import type { Settling } from "./settling.ts";

/** Answers why, once anything was closed: then what was read is not what is there any more. */
export async function withdraw(
  upstream: Upstream,
  { snapshot, about, world }: Settling,
): Promise<string | undefined> {
  for (const { pullRequests } of snapshot.branches.values()) {
    const open = pullRequests.find(({ state, ours }) => state === "open" && ours);
    if (!open) continue;
    for (const { chart, version, rolledBackFrom } of carriedByAll(open)) {
      const because = rolledBackFrom === undefined ? upstream.withdrawn(chart, version) : undefined;
      if (because === undefined) continue;
      await world.github.close(about.repository, open.id, withdrawal(because));
      return `#${open.number} was withdrawn: ${because}`;
    }
  }
  return undefined;
}
