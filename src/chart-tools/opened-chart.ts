// A chart under review with both of its archives opened.

import { openArchive } from "../adapters/charts/archive/open-archive.ts";
import { checkValuesInTime } from "../adapters/helm/values-check.ts";
import type { ChartFacts, Opened, Rendered, TextFile } from "../domain/pull-request-body/facts.ts";
import { valuesToCheck } from "../domain/pull-request-body/values/schema.ts";
import type { ChartToJudge, Packed } from "../reconcile/ports/chart-review.ts";

export type OpenedChart<Chart extends ChartToJudge = ChartToJudge> = Omit<Chart, "before" | "after"> &
  Pick<ChartFacts, "chart" | "keys" | "before" | "after">;

export async function openChart<Chart extends ChartToJudge>(chart: Chart): Promise<OpenedChart<Chart>> {
  return { ...chart, before: await open(chart.before), after: await open(chart.after) };
}

async function open(packed: Packed): Promise<Opened> {
  if (packed.kind === "missing") return packed;
  const archive = await openArchive(packed.bytes);
  return archive.ok
    ? { kind: "opened", archive: archive.value }
    : { kind: "missing", because: archive.problems[0]?.message ?? "it could not be read" };
}

/** Without Helm, validates the values against the chart's own schema here. */
export async function withSchemaVerdict<Chart extends OpenedChart>(
  chart: Chart,
  rendered: Rendered,
  valuesFiles: readonly TextFile[],
): Promise<Chart & Pick<ChartFacts, "schema">> {
  if (rendered.kind === "rendered" || chart.after.kind === "missing") return chart;
  const values = valuesToCheck(chart.after.archive, { keys: chart.keys, valuesFiles });
  return values ? { ...chart, schema: await checkValuesInTime(values) } : chart;
}
