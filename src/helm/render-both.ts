// An environment before and after a promotion, as Helm renders it: what the pull request text compares.

import type { Result } from "../model/problem.ts";
import type { Rendered } from "../review/facts.ts";
import type { Renderer, RenderInput } from "./render.ts";

/** Both sides one after the other, so that one helm at a time needs memory. Never rejects for what Helm says. */
export async function renderBoth(
  helm: Renderer | undefined,
  before: RenderInput,
  after: RenderInput,
): Promise<Rendered> {
  if (helm === undefined) return { kind: "not-rendered", because: "the server has no helm" };
  const now = await helm.render(after);
  if (!now.ok) return failure("after", now.problems);
  const old = await helm.render(before);
  return old.ok ? { kind: "rendered", before: old.value, after: now.value } : failure("before", old.problems);
}

/** Helm's own words are about the chart; anything else is about the server, and no reason to beware of the chart. */
function failure(
  which: "before" | "after",
  problems: Extract<Result<string>, { ok: false }>["problems"],
): Rendered {
  const message = problems.map((problem) => problem.message).join("\n");
  const ours = problems.every(({ code }) => code === "unavailable");
  return ours
    ? { kind: "not-rendered", because: message.replace(/\.$/, "") }
    : { kind: "failed", which, message };
}
