// What a rule about risks is given.

import type { ResourceChange } from "../manifests/compare-manifests.ts";
import type { Manifest } from "../manifests/manifests.ts";
import type { Risk } from "./risk.ts";

export interface Release {
  /** Where a manifest that names no namespace goes. */
  readonly namespace: string;
}

/** Finds the risks of one resource's change. */
export type ChangeRule = (change: ResourceChange, release: Release) => readonly Risk[];

/** All that Helm renders, before and after. */
export interface RenderedManifests {
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
}

/** Finds risks that take more than one resource to see. */
export type RenderingRule = (renderings: RenderedManifests, release: Release) => readonly Risk[];
