// All risk rules about rendered manifests.

import type { ResourceChange } from "../manifests/compare-manifests.ts";
import { rbacRisks } from "./access/rbac.ts";
import { immutableRisks } from "./immutable/immutable-risks.ts";
import { networkPolicyRisks } from "./network/network-policies.ts";
import { routeRisks } from "./network/routes.ts";
import { serviceRisks } from "./network/services.ts";
import { disruptionRisks } from "./pods/disruption-budgets.ts";
import { hardeningRisks } from "./pods/hardening.ts";
import { mountedTokenRisks } from "./pods/mounted-token.ts";
import { privilegeRisks } from "./pods/privileges.ts";
import { replicaRisks } from "./pods/replicas.ts";
import { resourceRisks } from "./pods/resources.ts";
import { danglingRisks } from "./removed/dangling.ts";
import { removalRisks } from "./removed/removed.ts";
import type { Risk } from "./risk.ts";
import type { ChangeRule, Release, RenderedManifests, RenderingRule } from "./rule.ts";

/**
 * Ranks, first to last: what breaks or is unreachable (1), access and exposure (2 and 3), less resources (4), other
 * removals (5).
 */
const RENDERING_RULES: readonly RenderingRule[] = [danglingRisks, routeRisks, disruptionRisks, replicaRisks];
const CONTENT_RULES: readonly ChangeRule[] = [
  networkPolicyRisks,
  serviceRisks,
  rbacRisks,
  privilegeRisks,
  hardeningRisks,
];

/** Risks that involve more than one resource. */
export function renderingRisks(renderings: RenderedManifests, release: Release): readonly Risk[] {
  return [
    ...RENDERING_RULES.flatMap((rule) => ranked(1, rule(renderings, release))),
    ...ranked(3, mountedTokenRisks(renderings)),
  ];
}

/** Risks in the content of one resource. */
export function contentRisks(change: ResourceChange, release: Release): readonly Risk[] {
  return [
    ...CONTENT_RULES.flatMap((rule) => ranked(2, rule(change, release))),
    ...ranked(4, resourceRisks(change)),
  ];
}

/** Risks of a resource of the release. A hook is deleted and created again, so only `contentRisks` apply to it. */
export function releaseRisks(change: ResourceChange, release: Release): readonly Risk[] {
  return [
    ...contentRisks(change, release),
    ...immutableRisks(change),
    ...removalRisks(change).map((risk) => ({ ...risk, rank: risk.level === "danger" ? 1 : 5 })),
  ];
}

function ranked(rank: number, risks: readonly Risk[]): readonly Risk[] {
  return risks.map((risk) => ({ ...risk, rank }));
}
