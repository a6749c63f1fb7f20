// Something a reviewer should look at before approving.

import type { Manifest } from "../manifests/manifests.ts";
import { resourceNames } from "../manifests/resource-name.ts";

export interface Risk {
  /** `danger`: it will fail, lose data or let somebody in. `warning`: it may be meant, but somebody should say so. */
  readonly level: "danger" | "warning";
  /** Markdown in one line without a full stop, everything hostile escaped. */
  readonly text: string;
  /** Who will turn the upgrade down for it; absent when nobody is known to. */
  readonly refusedBy?: "helm" | "kubernetes";
  /** The same said of several resources at once, and which one this is. */
  readonly shared?: { readonly words: string; readonly by: Manifest };
  /** The resource whose removal it tells of. */
  readonly removes?: Manifest;
  /** It tells of nothing but that: not at all where another risk tells it. */
  readonly plain?: true;
  /** Where it stands among those of its level: lower ones first. */
  readonly rank?: number;
}

/** So many resources of which the same is said make one sentence. */
const SHARED_BY = 3;

/** The sentences of one level, each once: what is turned down first, then by rank. */
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

/** Characters of names: no danger is without its resource. */
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
