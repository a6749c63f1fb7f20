// Finds values of an environment that make no difference to the new version's rendering, by rendering without them.

import type { Cluster } from "../../domain/model/config/config.ts";
import type { Renderings } from "../../domain/pull-request-body/facts.ts";
import { rendersAlike } from "../../domain/pull-request-body/manifests/renders-alike.ts";
import { sortVersions, type TemplateAsks } from "../../domain/pull-request-body/rendering/template-asks.ts";
import type { OwnValue } from "../../domain/pull-request-body/values/lost-defaults.ts";
import { type ChartFolder, inChartFolder, type UmbrellaInput } from "./chart-folder.ts";
import { type Program, type TemplateOptions, tryTemplate } from "./template.ts";
import { unreadValues } from "./unread-values.ts";

export interface Probe {
  readonly after: UmbrellaInput;
  readonly cluster: Cluster;
  readonly asks: TemplateAsks;
  /** The rendering of the new version with all values. */
  readonly rendered: Renderings;
}

const TIMEOUT_MS = 10_000;
const OVERLAY = "chart-promoter-overlay.json";

/** Empty when the new version does not render. */
export async function probeValues(
  helm: string,
  { after, cluster, asks, rendered }: Probe,
  values: readonly OwnValue[],
): Promise<readonly OwnValue[]> {
  const { after: side, as } = rendered;
  if (values.length === 0 || side.kind === "failed") return [];
  const options: TemplateOptions = {
    ...{ cluster, as: as.kind, schemas: "skipped", definitions: "without" },
    valuesFiles: [...after.valuesFiles, OVERLAY],
    apiVersions: sortVersions(asks.apiVersions, cluster.apiVersions).stated,
  };
  const program: Program = { helm, timeoutMs: TIMEOUT_MS };
  const unread = await unreadValues(values, async (overlay) => {
    const rendering = await withOverlay(after, overlay, (folder) => tryTemplate(folder, options, program));
    return rendering?.kind === "rendered" && rendersAlike(side, rendering.text);
  });
  return unread;
}

async function withOverlay<T>(
  input: UmbrellaInput,
  overlay: string,
  work: (folder: ChartFolder) => Promise<T>,
): Promise<T | undefined> {
  const umbrellaFiles = new Map([...input.umbrellaFiles, [OVERLAY, overlay] as const]);
  const done = await inChartFolder({ ...input, umbrellaFiles }, work);
  return done.ok ? done.value : undefined;
}
