// Renders the charts that move, with the environment's values, before and after the promotion.

import { stringify } from "yaml";
import { readUmbrella } from "../../manifest/read-umbrella.ts";
import type { Change } from "../../model/promotion.ts";
import { repositoryUrls } from "../../model/repository-urls.ts";
import type { Dependency, Files } from "../../model/umbrella.ts";
import type { Rendered } from "../../review/facts.ts";
import type { FetchedChart, MovedChart } from "./fetch-chart.ts";
import type { Settling } from "./settling.ts";

/** Only the moved charts are rendered: the archives of the others are not at hand, and they render as before. */
export async function renderChange(
  change: Change,
  moved: readonly MovedChart[],
  settling: Settling,
): Promise<Rendered> {
  const { render } = settling.world.inspection;
  if (!render) return { kind: "not-rendered", because: "the server has no helm" };
  const texts = textsOf(settling);
  const after = new Map(
    change.edits.reduce((files, { path, after: text }) => withText(files, path, text), texts),
  );
  const now = await render(inputOf(moved, { which: "after", texts: after }, settling));
  if (!now.ok) return { kind: "failed", which: "after", message: now.problems[0]?.message ?? "" };
  const old = await render(inputOf(moved, { which: "before", texts }, settling));
  if (!old.ok) return { kind: "failed", which: "before", message: old.problems[0]?.message ?? "" };
  return { kind: "rendered", before: old.value, after: now.value };
}

interface Side {
  readonly which: "before" | "after";
  readonly texts: Files;
}

/** An umbrella chart of just the moved charts, with the entries' aliases, conditions and tags. */
function inputOf(moved: readonly MovedChart[], { which, texts }: Side, { environment, world }: Settling) {
  const read = readUmbrella(texts, repositoryUrls(world.settings.chartRepositories));
  const dependencies = read.ok ? read.value.dependencies : [];
  const sides = moved.flatMap((one) => packedOf(one, which));
  const entries = dependencies.flatMap((dependency) => {
    const side = sides.find(({ chart }) => chart === dependency.name);
    return side ? [{ dependency, version: side.version }] : [];
  });
  const keys = entries.map(({ dependency }) => dependency.alias ?? dependency.name);
  const names = environment.valuesFiles.flatMap((file) => keys.map((key) => file.replaceAll("{chart}", key)));
  const valuesFiles = [...new Set(names)].filter((file) => texts.has(file));
  return {
    umbrellaFiles: new Map([
      ["Chart.yaml", umbrellaChart(entries)],
      ...valuesFiles.map((file) => [file, texts.get(file) ?? ""] as const),
    ]),
    archives: new Map(sides.map(({ chart, version, packed }) => [`${chart}-${version}.tgz`, packed])),
    valuesFiles,
    release: environment.name,
  };
}

function packedOf({ move, before, after }: MovedChart, which: Side["which"]) {
  const side: FetchedChart = which === "before" ? before : after;
  const version = which === "before" ? move.from : move.to;
  return side.packed ? [{ chart: move.chart, version, packed: side.packed }] : [];
}

function umbrellaChart(
  entries: readonly { readonly dependency: Dependency; readonly version: string }[],
): string {
  const dependencies = entries.map(({ dependency: { name, alias, condition, tags }, version }) => ({
    name,
    version,
    repository: "",
    ...(alias !== undefined && { alias }),
    ...(condition !== undefined && { condition }),
    ...(tags && { tags }),
  }));
  return stringify({ apiVersion: "v2", name: "umbrella", version: "0.0.0", dependencies });
}

function textsOf({ snapshot }: Settling): Files {
  return new Map(
    [...snapshot.files].flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text] as const])),
  );
}

function withText(files: Files, path: string, text: string | null): Files {
  const others = [...files].filter(([name]) => name !== path);
  return new Map(text === null ? others : [...others, [path, text] as const]);
}
