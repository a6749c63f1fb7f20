// Limits and assumptions of a comparison, one line each.

import type { Renderings } from "../facts.ts";
import type { ResourceChange } from "../manifests/compare-manifests.ts";
import { isTestOnly } from "../manifests/hooks.ts";
import { resourceName, resourceNames } from "../manifests/resource-name.ts";
import { dotted } from "../manifests/tree.ts";
import { clip, code, text } from "../markdown/escape.ts";
import type { Comparison, MadeAnew } from "./comparison.ts";
import { manifestOf } from "./conditional.ts";

/** Lines of Markdown. */
export function reservations({ chance, idleHooks }: Comparison, rendered: Renderings): readonly string[] {
  return [
    ...madeAnew(chance),
    ...ofIdleHooks(idleHooks),
    ...asInstallation(rendered),
    ...assumedVersion(rendered),
  ];
}

const PLACES_SHOWN = 5;

function madeAnew(chance: readonly MadeAnew[]): readonly string[] {
  if (chance.length === 0) return [];
  const places = chance
    .slice(0, PLACES_SHOWN)
    .map(({ manifest, path }) => `${code(clip(dotted(path), 120))} of ${resourceName(manifest)}`);
  const more = chance.length > PLACES_SHOWN ? ` and ${chance.length - PLACES_SHOWN} more places` : "";
  return [
    `Left out, since every rendering makes it anew (passwords, certificates, their checksums, times): ${places.join(", ")}${more}.`,
  ];
}

const NAMES_SHOWN = 300;

/** Tests are not mentioned. */
function ofIdleHooks(changes: readonly ResourceChange[]): readonly string[] {
  const hooks = changes
    .filter(({ kind }) => kind !== "relabelled")
    .map(manifestOf)
    .filter((manifest) => !isTestOnly(manifest));
  return hooks.length === 0
    ? []
    : [
        `Left out, since they do not run with an upgrade: the hooks ${resourceNames(hooks, { length: NAMES_SHOWN })}, which differ.`,
      ];
}

function asInstallation({ as }: Renderings): readonly string[] {
  if (as.kind === "upgrade") return [];
  const words = clip((as.after ?? as.before ?? "").replace(/\s+/g, " "), 300);
  return [
    `Both versions are rendered as an installation: as an upgrade, without the cluster that it goes by, Helm says: ${text(words)}`,
  ];
}

function assumedVersion({ kubeVersionAssumed }: Renderings): readonly string[] {
  return kubeVersionAssumed
    ? [
        "Templates go by the Kubernetes version, which this environment does not state (`cluster.kubeVersion`): Helm's own default is taken.",
      ]
    : [];
}
