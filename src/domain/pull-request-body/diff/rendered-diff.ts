// The changes in the cluster: both versions rendered with this environment's values, and their risks.

import type { ChartFacts, PullRequestFacts, RenderedSide, Renderings } from "../facts.ts";
import type { ResourceChange } from "../manifests/compare-manifests.ts";
import { roleInUpgrade } from "../manifests/hooks.ts";
import type { UnreadableDocument } from "../manifests/manifests.ts";
import { type ImageMove, imageMoves, imagesOf } from "../manifests/pod/images.ts";
import { readRendering } from "../manifests/rendering.ts";
import { clip, fence, text } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import { namesInUse } from "../redaction/names-in-use.ts";
import { type Restart, restarts } from "../risks/restarts.ts";
import type { Risk } from "../risks/risk.ts";
import type { Release } from "../risks/rule.ts";
import { contentRisks, releaseRisks, renderingRisks } from "../risks/rules.ts";
import { type ChangeCounts, changedResources, countChanges, countsInWords } from "./changed-resources.ts";
import { type Comparison, compareRenderings } from "./comparison.ts";
import { manifestOf } from "./conditional.ts";
import { conditionalRisks, conditionalSection } from "./conditional-section.ts";
import { definitionRisks, definitionsSection } from "./definitions.ts";
import { reservations } from "./reservations.ts";
import { unreadableText } from "./unreadable.ts";

export interface RenderedReview {
  readonly risks: readonly Risk[];
  readonly images: readonly ImageMove[];
  /** Every image of the new version, without duplicates; absent when it does not render. */
  readonly imagesAfter?: readonly string[];
  readonly restarts: readonly Restart[];
  /** Names of things in the cluster: not redacted, even if they look like secrets. */
  readonly names: ReadonlySet<string>;
  /** Absent when the two sides could not be compared. */
  readonly counts?: ChangeCounts;
  /** One line of Markdown: what changes in the cluster, or why that is unknown; absent when nothing was rendered. */
  readonly outcome?: string;
  /** Documents of the new version that could not be parsed. */
  readonly unreadable: readonly UnreadableDocument[];
  /** Limits and assumptions of the comparison, a line of Markdown each. */
  readonly reservations: readonly string[];
  readonly sections: readonly Section[];
}

interface RenderedFacts extends Pick<PullRequestFacts, "rendered" | "cluster"> {
  readonly charts: readonly ChartFacts[];
}

const NOTHING: RenderedReview = {
  ...{ risks: [], images: [], restarts: [], names: new Set(), unreadable: [] },
  ...{ reservations: [], sections: [] },
};

const NOT_YET = "Not compared yet";

/** Whether the text was written while parts of it were still being computed. */
export function tellsUnfinished(body: string): boolean {
  return body.includes(`${NOT_YET}: `);
}

/** The App's part of a text whose unfinished parts cannot be completed for this reason. */
export function withoutPromise(appPart: string, because: string): string {
  const instead = `${NOT_YET}: it cannot be completed as things are. ${text(clip(because, 500))}`;
  return appPart.replace(UNFINISHED_LINE, () => instead);
}

const UNFINISHED_LINE = new RegExp(`${NOT_YET}: .*`);

export function reviewRendered(facts: RenderedFacts): RenderedReview {
  const { rendered } = facts;
  switch (rendered?.kind) {
    case undefined:
      return NOTHING;
    case "not-rendered":
      return {
        ...NOTHING,
        ...(rendered.alone && inNewVersion(rendered.alone.after)),
        outcome: `${rendered.why === "not-yet" ? NOT_YET : "Not compared"}: ${text(clip(rendered.because, 500))}.`,
      };
    case "rendered":
      return reviewSides(rendered, facts);
  }
}

function reviewSides(rendered: Renderings, facts: RenderedFacts): RenderedReview {
  const { before, after } = rendered;
  if (before.kind === "rendered" && after.kind === "rendered")
    return compared(compareRenderings(before, after, { ...rendered, ...facts.cluster }), rendered, facts);
  const words = (["after", "before"] as const).flatMap((which) => {
    const side = rendered[which];
    return side.kind === "failed" ? [helmOn(which, side.message)] : [];
  });
  return { ...NOTHING, ...inNewVersion(after), outcome: notCompared(rendered), sections: words };
}

/** What is known without the other version. */
function inNewVersion(after: RenderedSide): Partial<Pick<RenderedReview, "imagesAfter" | "unreadable">> {
  if (after.kind === "failed") return {};
  const { resources, unreadable } = readRendering([after.first, after.second]);
  return { imagesAfter: imagesOf(resources), unreadable };
}

function notCompared({ before, after }: Renderings): string {
  if (before.kind === after.kind)
    return "Not compared: neither version renders with this environment's values.";
  return after.kind === "failed"
    ? "Not compared: the new version does not render with this environment's values."
    : "Not compared: the present version does not render with this environment's values. The new one does.";
}

function helmOn(which: "before" | "after", message: string): Section {
  return {
    shown: "folded",
    title: `What Helm says of the ${which === "after" ? "new" : "present"} version`,
    items: [fence("", clip(message, 3_000))],
    unit: "messages",
    join: "\n\n",
  };
}

function compared(
  comparison: Comparison,
  rendered: Renderings,
  { charts, cluster }: RenderedFacts,
): RenderedReview {
  const { changes, before, after, conditional, definitions } = comparison;
  const counts = countChanges(changes);
  const sections = [
    changedResources(changes),
    conditionalSection(conditional),
    definitionsSection(definitions),
  ];
  return {
    risks: [
      ...changes.flatMap((change) => risksOf(change, cluster)),
      ...renderingRisks({ before, after }, cluster),
      ...unreadableRisks(comparison),
      ...conditionalRisks(conditional, (change) => risksOf(change, cluster)),
      ...definitionRisks(definitions, charts),
    ],
    images: imageMoves(before, after),
    imagesAfter: imagesOf(after),
    restarts: restarts(changes.filter((change) => roleInUpgrade(manifestOf(change)) === "release")),
    names: namesInUse([...before, ...after]),
    unreadable: comparison.unreadable.after,
    counts,
    outcome: outcome(counts, comparison),
    reservations: reservations(comparison, rendered),
    sections: sections.filter((section) => section !== undefined),
  };
}

/** "Nothing" only when everything could be compared. */
function outcome(counts: ChangeCounts, { unreadable, conditional, chance, idleHooks }: Comparison): string {
  const words = countsInWords(counts);
  if (words !== "") return `In the cluster: ${words}.`;
  if (unreadable.before.length + unreadable.after.length > 0)
    return "What could be read of the rendered documents is the same in both versions; not all could be.";
  if (conditional.presence.length + conditional.changes.length > 0)
    return "In the cluster: no change that does not depend on its API versions.";
  if (chance.length > 0) return "Nothing changes in the cluster but what every rendering makes anew.";
  return idleHooks.length > 0
    ? "Nothing changes in the cluster: only hooks differ that do not run with an upgrade."
    : "Nothing changes in the cluster: both versions render the same.";
}

/** A hook is deleted and recreated when it runs, so removals and immutable fields do not apply to it. */
function risksOf(change: ResourceChange, release: Release): readonly Risk[] {
  return roleInUpgrade(manifestOf(change)) === "release"
    ? releaseRisks(change, release)
    : contentRisks(change, release);
}

/** Unreadable documents of the present version count only when the new one has more. */
function unreadableRisks({ unreadable: { before, after } }: Comparison): readonly Risk[] {
  const level = after.length > before.length ? "danger" : "warning";
  return after.slice(0, DOCUMENTS_TOLD).map((document) => ({
    level,
    text: `a rendered document is no Kubernetes resource: ${unreadableText(document)}`,
  }));
}

const DOCUMENTS_TOLD = 5;
