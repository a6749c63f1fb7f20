// A review from request to result: opens the archives, renders both versions, compares and describes them. Runs in a
// worker thread (review-worker.ts).

import { probeValues } from "../adapters/helm/probe-values.ts";
import { renderBoth } from "../adapters/helm/render-both.ts";
import type { NotRendered, Rendered } from "../domain/pull-request-body/facts.ts";
import { judgementOf, type RenderingJudgement } from "../domain/pull-request-body/judgement.ts";
import type { TreePath } from "../domain/pull-request-body/manifests/tree.ts";
import { bodyOf } from "../domain/pull-request-body/pull-request-body.ts";
import { type TemplateAsks, templateAsks } from "../domain/pull-request-body/rendering/template-asks.ts";
import { reviewOf } from "../domain/pull-request-body/review.ts";
import { valuesToProbe, wholePath } from "../domain/pull-request-body/values/probe-values.ts";
import type { JudgeRequest, ReviewAnswer, ReviewRequest } from "../reconcile/ports/chart-review.ts";
import { type OpenedChart, openChart, withSchemaVerdict } from "./opened-chart.ts";
import { schemasOfFiles, templatesOf } from "./templates.ts";

/** Without a helm program both results say that nothing was rendered. */
export async function reviewJob(
  { facts, toRender, room }: ReviewRequest,
  helm: string | undefined,
): Promise<ReviewAnswer> {
  const [first, ...rest] = facts.charts;
  const opened = [await openChart(first), ...(await Promise.all(rest.map(openChart)))] as const;
  const context = { ...facts, charts: opened, toRender };
  const { rendered, asks } = await renderedFor(context, helm);
  const unread = helm === undefined ? undefined : await unreadValues(context, { rendered, asks, helm });
  const [one, ...others] = opened;
  const checked = (chart: typeof one) => withSchemaVerdict(chart, rendered, facts.valuesFiles);
  const charts = [await checked(one), ...(await Promise.all(others.map(checked)))] as const;
  const { sections, ...review } = reviewOf({
    ...facts,
    charts,
    rendered,
    ...(unread && { unreadValues: unread }),
  });
  return { ...review, body: bodyOf({ sections }, room) };
}

export async function judgeJob(request: JudgeRequest, helm: string | undefined): Promise<RenderingJudgement> {
  const opened = await Promise.all(request.charts.map(openChart));
  const { rendered } = await renderedFor({ ...request, charts: opened }, helm);
  const charts = await Promise.all(
    opened.map((chart) => withSchemaVerdict(chart, rendered, request.valuesFiles)),
  );
  return judgementOf({ ...request, charts, rendered });
}

interface Context extends Pick<JudgeRequest, "cluster" | "umbrella" | "toRender" | "valuesFiles"> {
  readonly charts: readonly OpenedChart[];
}

async function renderedFor(
  context: Context,
  helm: string | undefined,
): Promise<{ readonly rendered: Rendered; readonly asks: TemplateAsks }> {
  const { toRender, cluster, charts } = context;
  if (toRender.kind === "not-rendered") return { rendered: toRender, asks: templateAsks([]) };
  if (helm === undefined) return { rendered: NO_HELM, asks: templateAsks([]) };
  const archives = charts.flatMap(({ before, after }) =>
    [before, after].flatMap((side) => (side.kind === "opened" ? [side.archive] : [])),
  );
  const own = [toRender.before, toRender.after].flatMap(({ umbrellaFiles }) => [...umbrellaFiles.values()]);
  const asks = templateAsks([...own, ...(await templatesOf(archives))]);
  const untriedSchemas = await schemasOfFiles(context.umbrella, [toRender.before, toRender.after]);
  const sides = { ...toRender, cluster, asks, untriedSchemas };
  const rendered = withoutAbsent(await renderBoth(helm, sides), context);
  return { rendered: withoutBefore(rendered, toRender.uncompared), asks };
}

/** Keeps the verdict on the new version when the present one is missing. */
function withoutBefore(rendered: Rendered, because: string | undefined): Rendered {
  if (because === undefined) return rendered;
  const alone = rendered.kind === "rendered" ? { alone: rendered } : {};
  return { kind: "not-rendered", why: "impossible", because, ...alone };
}

const NO_HELM: NotRendered = {
  kind: "not-rendered",
  why: "impossible",
  because: "there is no helm program on the server's PATH to render both versions with",
};

/**
 * Ignores violations of the umbrella's own schema that are due to dependencies without archives, whose defaults are
 * missing.
 */
function withoutAbsent(rendered: Rendered, { umbrella, toRender }: Context): Rendered {
  if (rendered.kind !== "rendered" || toRender.kind !== "folders") return rendered;
  const absent = new Set(toRender.absent);
  const isReported = (chart: string, key: string) => chart !== umbrella || !absent.has(key);
  const side = (one: typeof rendered.after) =>
    one.kind === "failed"
      ? one
      : { ...one, refused: one.refused.filter(({ chart, path: [key = ""] }) => isReported(chart, key)) };
  return { ...rendered, before: side(rendered.before), after: side(rendered.after) };
}

interface Probing {
  readonly rendered: Rendered;
  readonly asks: TemplateAsks;
  readonly helm: string;
}

/** Values without effect; `undefined` when that could not be determined. */
async function unreadValues(
  { charts, valuesFiles, toRender, cluster }: Context,
  { rendered, asks, helm }: Probing,
): Promise<readonly TreePath[] | undefined> {
  if (rendered.kind !== "rendered" || rendered.after.kind === "failed" || toRender.kind !== "folders")
    return undefined;
  const probe = { after: toRender.after, cluster, asks, rendered };
  const unread = await probeValues(helm, probe, valuesToProbe(charts, valuesFiles));
  return unread.map(wholePath);
}
