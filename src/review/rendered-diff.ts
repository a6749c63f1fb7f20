// What will change in the cluster: both versions rendered with this environment's values, and what to beware of.

import { changedResources } from "./changed-resources.ts";
import { compareManifests, type ResourceChange } from "./compare-manifests.ts";
import { clip, fence, text } from "./escape.ts";
import type { Rendered } from "./facts.ts";
import { type ImageMove, imageMoves } from "./images.ts";
import { type Manifests, readManifests } from "./manifests.ts";
import type { Risk } from "./risk.ts";
import { immutableRisks } from "./risk-immutable.ts";
import { rbacRisks } from "./risk-rbac.ts";
import { removalRisks } from "./risk-removed.ts";
import { workloadRisks } from "./risk-workload.ts";
import type { Section } from "./section.ts";

export interface RenderedReview {
  readonly risks: readonly Risk[];
  readonly images: readonly ImageMove[];
  readonly section?: Section;
}

export function reviewRendered(rendered: Rendered | undefined): RenderedReview {
  switch (rendered?.kind) {
    case undefined:
      return { risks: [], images: [] };
    case "not-rendered":
      return {
        risks: [],
        images: [],
        section: section(`Not compared: ${text(clip(rendered.because, 500))}.`, []),
      };
    case "failed":
      return failed(rendered);
    case "rendered":
      return compared(readManifests(rendered.before), readManifests(rendered.after));
  }
}

function compared(before: Manifests, after: Manifests): RenderedReview {
  const changes = compareManifests(before.resources, after.resources);
  return {
    risks: [...changes.flatMap(risksOf), ...unreadableRisk(before, after)],
    images: imageMoves(before.resources, after.resources),
    section: changedResources(changes),
  };
}

function risksOf(change: ResourceChange): readonly Risk[] {
  return [removalRisks, immutableRisks, rbacRisks, workloadRisks].flatMap((rule) => rule(change));
}

function unreadableRisk(before: Manifests, after: Manifests): readonly Risk[] {
  if (after.unreadable <= before.unreadable) return [];
  const text = `${after.unreadable} rendered documents are no Kubernetes resources (before: ${before.unreadable})`;
  return [{ level: "danger", text }];
}

function failed({ which, message }: Extract<Rendered, { kind: "failed" }>): RenderedReview {
  const subject = which === "after" ? "the new version" : "the present version";
  return {
    risks: [{ level: "danger", text: `${subject} does not render with this environment's values` }],
    images: [],
    section: section(`Helm on ${subject}:`, [fence("", clip(message, 3_000))]),
  };
}

function section(lead: string, items: readonly string[]): Section {
  return { shown: "open", title: "Rendered manifests", lead, items, unit: "messages", join: "\n\n" };
}
