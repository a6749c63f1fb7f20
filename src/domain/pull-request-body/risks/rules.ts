// Every rule about risks of what is rendered.

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
 * What matters more stands in front: what cannot be reached or will not start, then what is let in, then what is less.
 */
const RENDERING_RULES: readonly RenderingRule[] = [danglingRisks, routeRisks, disruptionRisks, replicaRisks];
const CONTENT_RULES: readonly ChangeRule[] = [
  networkPolicyRisks,
  serviceRisks,
  rbacRisks,
  privilegeRisks,
  hardeningRisks,
];

/** What takes more than one resource to see. */
export function renderingRisks(renderings: RenderedManifests, release: Release): readonly Risk[] {
  return [
    ...RENDERING_RULES.flatMap((rule) => ranked(1, rule(renderings, release))),
    ...ranked(3, mountedTokenRisks(renderings)),
  ];
}

/** What a resource says that it did not say before. */
export function contentRisks(change: ResourceChange, release: Release): readonly Risk[] {
  return [
    ...CONTENT_RULES.flatMap((rule) => ranked(2, rule(change, release))),
    ...ranked(4, resourceRisks(change)),
  ];
}

/** What a resource of the release holds or loses. A hook is deleted and made again: of it only `contentRisks` hold. */
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
