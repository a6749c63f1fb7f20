// The input of risk rules.

import type { ResourceChange } from "../manifests/compare-manifests.ts";
import type { Manifest } from "../manifests/manifests.ts";
import type { Risk } from "./risk.ts";

export interface Release {
  /** The release's namespace, for manifests without one. */
  readonly namespace: string;
}

/** Finds the risks in the change of one resource. */
export type ChangeRule = (change: ResourceChange, release: Release) => readonly Risk[];

/** All manifests that Helm renders, before and after. */
export interface RenderedManifests {
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
}

/** Finds risks that involve more than one resource. */
export type RenderingRule = (renderings: RenderedManifests, release: Release) => readonly Risk[];
