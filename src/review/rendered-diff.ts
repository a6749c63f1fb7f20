// What will change in the cluster: both versions rendered with this environment's values, resource by resource.

import { structuredPatch } from "diff";
import { dump } from "js-yaml";
import { compareManifests, type ResourceChange, withoutVersionLabels } from "./compare-manifests.ts";
import { clip, fence, text } from "./escape.ts";
import type { Rendered } from "./facts.ts";
import { type ImageMove, imageMoves } from "./images.ts";
import { type Manifests, readManifests } from "./manifests.ts";
import { redactPair } from "./redact.ts";
import { resourceName } from "./resource-name.ts";
import type { Risk } from "./risk.ts";
import { immutableRisks } from "./risk-immutable.ts";
import { rbacRisks } from "./risk-rbac.ts";
import { removalRisks } from "./risk-removed.ts";
import { workloadRisks } from "./risk-workload.ts";
import type { Section } from "./section.ts";
import { same, type Tree, treeAt } from "./tree.ts";

export interface RenderedReview {
  readonly risks: readonly Risk[];
  readonly images: readonly ImageMove[];
  readonly section?: Section;
}

export function reviewRendered(rendered: Rendered | undefined): RenderedReview {
  if (rendered === undefined) return { risks: [], images: [] };
  if (rendered.kind !== "rendered") return notCompared(rendered);
  const [before, after] = [readManifests(rendered.before), readManifests(rendered.after)];
  const changes = compareManifests(before.resources, after.resources);
  return {
    risks: [...changes.flatMap(risksOf), ...unreadableRisk(before, after)],
    images: imageMoves(before.resources, after.resources),
    section: changesSection(changes),
  };
}

function risksOf(change: ResourceChange): readonly Risk[] {
  return [removalRisks, immutableRisks, rbacRisks, workloadRisks].flatMap((rule) => rule(change));
}

function notCompared(rendered: Exclude<Rendered, { kind: "rendered" }>): RenderedReview {
  const section = { title: "Rendered manifests", items: [], unit: "resources", join: "\n\n" } as const;
  if (rendered.kind === "not-rendered") {
    return {
      risks: [],
      images: [],
      section: {
        ...section,
        shown: "open",
        lead: `Not compared: ${text(rendered.because)}.`,
      },
    };
  }
  const which = rendered.which === "after" ? "the new version" : "the present version";
  const risk: Risk = { level: "danger", text: `${which} does not render with this environment's values` };
  return {
    risks: [risk],
    images: [],
    section: {
      ...section,
      shown: "open",
      lead: `Helm on ${which}:`,
      items: [fence("", clip(rendered.message, 3_000))],
      unit: "messages",
    },
  };
}

function unreadableRisk(before: Manifests, after: Manifests): readonly Risk[] {
  if (after.unreadable <= before.unreadable) return [];
  return [
    {
      level: "danger",
      text: `${after.unreadable} rendered documents are no Kubernetes resources (before: ${before.unreadable})`,
    },
  ];
}

function changesSection(changes: readonly ResourceChange[]): Section {
  const count = (kind: ResourceChange["kind"]): number =>
    changes.filter((change) => change.kind === kind).length;
  const relabelled = count("relabelled");
  const counts = (["removed", "changed", "added"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`);
  const labels = relabelled === 0 ? [] : [`${relabelled} with nothing but new version labels`];
  const words = [...counts, ...labels];
  const items = changes.filter((change) => change.kind !== "relabelled").map(renderChange);
  if (words.length === 0)
    return {
      title: "Rendered manifests",
      shown: "open",
      lead: "Nothing changes in the cluster: both versions render the same.",
      items,
      unit: "resources",
      join: "\n\n",
    };
  return {
    title: "Rendered manifests",
    summary: words.join(", "),
    shown: "folded",
    ...(count("changed") + relabelled > 0 && { lead: labelsNote(changes) }),
    items,
    unit: "resources",
    join: "\n\n",
  };
}

/** Labels of a pod template are part of it: changing them starts the pods anew. */
function labelsNote(changes: readonly ResourceChange[]): string {
  const relabelled = changes.filter((change) => change.kind === "relabelled");
  const restarts = relabelled.filter(
    ({ before, after }) => !same(podLabels(before.content), podLabels(after.content)),
  ).length;
  const resources =
    relabelled.length === 0
      ? ""
      : ` and ${relabelled.length} ${relabelled.length === 1 ? "resource" : "resources"} in which nothing else changes`;
  const pods = restarts === 0 ? "" : ` Pods of ${restarts === 1 ? "one" : restarts} of them restart.`;
  return `Left out: labels that carry the chart's version${resources}.${pods}`;
}

function podLabels(content: Tree): Tree {
  return treeAt(content, "spec", "template", "metadata");
}

function renderChange(change: Exclude<ResourceChange, { kind: "relabelled" }>): string {
  switch (change.kind) {
    case "removed":
      return `**Removed** ${resourceName(change.before)}`;
    case "added":
      return `**Added** ${resourceName(change.after)}\n\n${difference({}, change.after.content)}`;
    case "changed":
      return `**Changed** ${resourceName(change.after)}\n\n${difference(change.before.content, change.after.content)}`;
  }
}

const LINES_SHOWN = 160;

/** A diff of both as YAML with sorted keys, so that order and layout make no difference. */
function difference(before: Tree, after: Tree): string {
  const shown = redactPair(withoutVersionLabels(before), withoutVersionLabels(after));
  const [old, now] = [yaml(shown.before), yaml(shown.after)];
  const patch = structuredPatch("", "", old, now, "", "", { context: 3, timeout: 2_000 });
  if (patch === undefined) return "_Too different to be compared line by line._";
  const lines = patch.hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [" …"]),
    ...hunk.lines.filter((line) => !line.startsWith("\\")),
  ]);
  const more = lines.length > LINES_SHOWN ? `\n\n_${lines.length - LINES_SHOWN} more lines left out._` : "";
  return fence("diff", lines.slice(0, LINES_SHOWN).join("\n")) + more;
}

function yaml(tree: Tree): string {
  return Object.keys(tree).length === 0 ? "" : dump(tree, { sortKeys: true, lineWidth: -1, noRefs: true });
}
