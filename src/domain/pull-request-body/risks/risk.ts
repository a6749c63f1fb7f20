// Something a reviewer should look at before approving.

import type { Manifest } from "../manifests/manifests.ts";
import { resourceNames } from "../manifests/resource-name.ts";

export interface Risk {
  /**
   * `danger`: the upgrade fails, loses data or opens access. `warning`: it may be intended, but somebody should
   * confirm.
   */
  readonly level: "danger" | "warning";
  /** One line of Markdown without a full stop, with hostile text escaped. */
  readonly text: string;
  /** Who refuses the upgrade because of this; absent when it is not known to be refused. */
  readonly refusedBy?: "helm" | "kubernetes";
  /** Wording for several resources with the same risk, and the resource of this one. */
  readonly shared?: { readonly words: string; readonly by: Manifest };
  /** The resource whose removal the risk is about. */
  readonly removes?: Manifest;
  /** Only says that the resource is removed: dropped when another risk with the same `removes` says more. */
  readonly plain?: true;
  /** Order among risks of the same level, lowest first. */
  readonly rank?: number;
}

/** From this many resources on, the same risk makes one sentence. */
const SHARED_BY = 3;

/** The sentences of one level, without duplicates: refused changes first, then by rank. */
export function sentencesOf(risks: readonly Risk[], level: Risk["level"]): readonly string[] {
  const covered = new Set(risks.filter(({ plain }) => plain !== true).map(({ removes }) => removes));
  const ofLevel = risks
    .filter((risk) => risk.level === level && !(risk.plain === true && covered.has(risk.removes)))
    .toSorted((one, other) => placeOf(one) - placeOf(other));
  const groups = Map.groupBy(ofLevel, ({ text, shared }) => shared?.words ?? text);
  const texts = [...groups].flatMap(([words, group]) => joined(words, group));
  return [...new Set(texts)].map(sentence);
}

function placeOf({ refusedBy, rank = 0 }: Risk): number {
  return refusedBy === undefined ? rank : -1;
}

/** Characters of resource names. For a danger practically all are shown. */
const NAMES_SHOWN = { danger: 20_000, warning: 1_000 };

function joined(words: string, group: readonly Risk[]): readonly string[] {
  const resources = [...new Set(group.flatMap(({ shared }) => shared?.by ?? []))];
  const length = NAMES_SHOWN[group[0]?.level ?? "warning"];
  return resources.length < SHARED_BY
    ? group.map(({ text }) => text)
    : [`${resourceNames(resources, { length })}: ${words}`];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
