// Custom resource definitions in `crds/`: Helm installs them with the first release, and neither changes nor deletes
// them when it upgrades (https://helm.sh/docs/chart_best_practices/custom_resource_definitions/).

import { withoutLogin } from "../../model/secret/shown-address.ts";
import type { ChartFacts } from "../facts.ts";
import type { ResourceChange } from "../manifests/compare-manifests.ts";
import type { Manifest } from "../manifests/manifests.ts";
import { resourceNames } from "../manifests/resource-name.ts";
import { clip, code } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import type { Risk } from "../risks/risk.ts";
import { namesOf } from "./changed-resources.ts";
import { manifestOf } from "./conditional.ts";
import { renderChange, type ShownChange } from "./resource-diff.ts";

const WORDS = { removed: "gone", changed: "changed", relabelled: "changed", added: "new" } as const;
const NAMES_SHOWN = 20;

export function definitionRisks(
  definitions: readonly ResourceChange[],
  charts: readonly ChartFacts[],
): readonly Risk[] {
  if (definitions.length === 0) return [];
  const names = definitions
    .slice(0, NAMES_SHOWN)
    .map((change) => `${code(clip(manifestOf(change).name, 200))} (${WORDS[change.kind]})`);
  const more = definitions.length > NAMES_SHOWN ? ` and ${definitions.length - NAMES_SHOWN} more` : "";
  const differ = `the CRDs in \`crds/\` differ: ${names.join(", ")}${more}`;
  const toApply = definitions.some(({ kind }) => kind !== "removed");
  const help = toApply
    ? `: unless the deployer applies them, run ${commands(charts).map(code).join(" and ")}`
    : "";
  return [
    {
      level: "warning",
      text: `${differ}; Helm neither changes nor deletes them when it upgrades${help}`,
    },
  ];
}

/** For each chart that has definitions, fetched from where it was published. */
function commands(charts: readonly ChartFacts[]): readonly string[] {
  const having = charts.filter(
    ({ after }) =>
      after.kind === "opened" && [...after.archive.files.keys()].some((path) => /(?:^|\/)crds\//.test(path)),
  );
  return (having.length === 0 ? charts : having).map(
    (chart) => `helm show crds ${reference(chart)} | kubectl apply --server-side -f -`,
  );
}

function reference({ chart, to, repositoryUrl }: ChartFacts): string {
  const url = withoutLogin(repositoryUrl).replace(/(?<!\/)\/+$/, "");
  if (/^oci:\/\/[\w./:-]+$/.test(url)) return `${url}/${chart} --version ${to}`;
  return /^https?:\/\/[\w./:%~-]+$/.test(url)
    ? `${chart} --repo ${url} --version ${to}`
    : `${chart}-${to}.tgz`;
}

/** Maximum characters of their diffs that are shown. */
const SHOWN = 4_000;

export function definitionsSection(definitions: readonly ResourceChange[]): Section | undefined {
  if (definitions.length === 0) return undefined;
  const shown = definitions.filter((change) => change.kind !== "relabelled");
  const items = untilFull(shown);
  const lead = relabelled(definitions.filter(({ kind }) => kind === "relabelled").map(manifestOf));
  return {
    shown: "folded",
    title: "CRDs in <code>crds/</code>",
    summary: `${definitions.length} that Helm leaves as they are`,
    ...(lead !== undefined && { lead }),
    items,
    cut: shown.length - items.length,
    nameCut: (cut) => namesOf(shown.slice(shown.length - cut)),
    unit: "definitions",
    join: "\n\n",
  };
}

function untilFull(changes: readonly ShownChange[]): readonly string[] {
  const items: string[] = [];
  let length = 0;
  for (const change of changes) {
    if (length >= SHOWN) break;
    const item = renderChange(change);
    length += item.length;
    items.push(item);
  }
  return items;
}

function relabelled(definitions: readonly Manifest[]): string | undefined {
  if (definitions.length === 0) return undefined;
  const names = resourceNames(definitions, { length: LABELLED_SHOWN });
  return `In ${names} only labels change that carry the chart's version.`;
}

const LABELLED_SHOWN = 4_000;
