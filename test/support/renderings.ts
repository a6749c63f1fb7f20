// Renderings of both versions in which every rendering of a version is the same.

import type { RenderedSide, Renderings } from "../../src/domain/pull-request-body/facts.ts";

export function renderedOnce(before: string, after: string): Renderings {
  return {
    ...{ kind: "rendered", before: sideOf(before), after: sideOf(after) },
    ...{ as: { kind: "upgrade" }, unstated: [], kubeVersionAssumed: false },
  };
}

function sideOf(text: string): RenderedSide {
  return { kind: "rendered", first: text, second: text, refused: [], untried: [] };
}
