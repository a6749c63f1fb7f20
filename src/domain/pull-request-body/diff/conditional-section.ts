// The section about changes that depend on API versions which the environment's config does not state.

import type { ResourceChange } from "../manifests/compare-manifests.ts";
import { resourceName } from "../manifests/resource-name.ts";
import { clip, code } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import type { Risk } from "../risks/risk.ts";
import { namesOf } from "./changed-resources.ts";
import type { Conditional, ConditionalChange, Presence } from "./conditional.ts";
import { classOf } from "./reading-order.ts";
import { renderChange, type ShownChange } from "./resource-diff.ts";

/**
 * Resources that one version always has and the other only with certain API versions, and risks in changes that apply
 * only then.
 */
export function conditionalRisks(
  { presence, changes }: Conditional,
  risksOf: (change: ResourceChange) => readonly Risk[],
): readonly Risk[] {
  return [
    ...presence.map(presenceRisk),
    ...changes.flatMap(({ change, apiVersions }) =>
      risksOf(change).map(({ level, text }) => ({
        level,
        text: `where the cluster has ${oneOf(apiVersions)}: ${text}`,
      })),
    ),
  ];
}

function presenceRisk({ manifest, onlySometimes, apiVersions }: Presence): Risk {
  const where = `only where the cluster has ${oneOf(apiVersions)}`;
  const name = resourceName(manifest);
  const text =
    onlySometimes === "after"
      ? `the new version shows ${name} ${where}, the present one always`
      : `the new version shows ${name} always, the present one ${where}`;
  return { level: "warning", text };
}

const ITEMS_SHOWN = 40;

/** `undefined` when there are none. */
export function conditionalSection({ changes }: Conditional): Section | undefined {
  if (changes.length === 0) return undefined;
  const shown = changes.flatMap(shownChange);
  const sorted = shown.toSorted((a, b) => Number(isDefinition(a)) - Number(isDefinition(b)));
  return {
    shown: "folded",
    title: "Rendered manifests on some clusters",
    summary: String(shown.length),
    lead: "Templates ask the cluster for API versions that this environment does not state (`cluster.apiVersions`).",
    items: sorted.slice(0, ITEMS_SHOWN).map(item),
    cut: Math.max(0, sorted.length - ITEMS_SHOWN),
    nameCut: (cut) => namesOf(sorted.slice(sorted.length - cut).map(({ change }) => change)),
    unit: "resources",
    join: "\n\n",
  };
}

interface ShownPart {
  readonly change: ShownChange;
  readonly apiVersions: readonly string[];
}

function shownChange({ change, apiVersions }: ConditionalChange): readonly ShownPart[] {
  return change.kind === "relabelled" ? [] : [{ change, apiVersions }];
}

function isDefinition({ change }: ShownPart): boolean {
  return classOf(change) === "definition";
}

function item({ change, apiVersions }: ShownPart): string {
  return `Where the cluster has ${oneOf(apiVersions)}: ${renderChange(change)}`;
}

const MOST_VERSIONS = 4;

/** "`a/v1`", or "one of `a/v1`, `b/v1` and 3 more". */
function oneOf(apiVersions: readonly string[]): string {
  const shown = apiVersions.slice(0, MOST_VERSIONS).map((version) => code(clip(version, 120)));
  const more = apiVersions.length > MOST_VERSIONS ? ` and ${apiVersions.length - MOST_VERSIONS} more` : "";
  return `${apiVersions.length > 1 ? "one of " : ""}${shown.join(", ")}${more}`;
}
