// Parts that GitHub leaves out of its answers, which may last: what needs them is tried again, without stopping other work.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { hasGap } from "../ports/github/github-refusal.ts";

const RETRY_MS = 60_000;

/** Does what reads `what`; returns when to retry if GitHub leaves a part of it out. */
export async function unlessGap<Answer>(
  what: string,
  act: () => Promise<Answer>,
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<Answer | { readonly kind: "gap"; readonly requeueAt: Date }> {
  try {
    return await act();
  } catch (error) {
    if (!hasGap(error)) throw error;
    const about = { repository: nameWithOwner(repository), what, err: error };
    deps.log.warn(about, "GitHub leaves something out of its answers");
    return { kind: "gap", requeueAt: new Date(deps.clock().getTime() + RETRY_MS) };
  }
}
