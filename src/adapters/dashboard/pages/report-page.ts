// Lead times, deployment frequency, failures and time to restore, drawn to one scale.

import { html } from "hono/html";
import type { Spread } from "../../../domain/report/lead-times.ts";
import type { NamedReportRow, RecentReport } from "../../../reconcile/report/recent-report.ts";
import type { Visitor } from "../visitor.ts";
import type { Html, Page } from "./layout.ts";

export function reportPage(
  { days, isCut, ...report }: RecentReport,
  { mayRead }: Pick<Visitor, "mayRead">,
): Page {
  const charts = report.charts.filter(({ repositoryId }) => mayRead(repositoryId));
  const longest = Math.max(1, ...charts.flatMap(({ publishToDeployed }) => publishToDeployed?.p90 ?? []));
  const cut = isCut
    ? " There was more than is looked at here: chart-promoter report looks at ten times as much."
    : "";
  const rows = html`<div class="wide" role="region" tabindex="0" aria-label="Lead times"><table>
<thead><tr><th scope="col">Chart and environment</th><th scope="col">From publish to deployment</th><th scope="col">Deployed a week</th><th scope="col">Failed</th><th scope="col">Restored after</th></tr></thead>
<tbody>${charts.map((one) => row(one, longest))}</tbody></table></div>
<p class="legend">The dark bar is the median, the light one what nine of ten did not exceed; all are drawn to one scale.</p>`;
  return {
    title: "Lead times",
    main: html`<p>Of the last ${days} days, as far as they are remembered.${cut}</p>${charts.length === 0 ? html`<p>Nothing was deployed.</p>` : rows}`,
  };
}

function row(one: NamedReportRow, longest: number): Html {
  const { repository, environment, chart, publishToDeployed, deployedPerWeek, deployed, failed } = one;
  const ended = `${failed} of ${deployed + failed}`;
  return html`<tr><th scope="row">${chart}<small>${environment} of ${repository}</small></th><td>${publishToDeployed ? bars(publishToDeployed, longest) : "not known"}</td><td>${deployedPerWeek}</td><td>${ended}</td><td>${one.timeToRestore ? seconds(one.timeToRestore.median) : "–"}</td></tr>`;
}

function bars({ median, p90, count }: Spread, longest: number): Html {
  const width = (time: number) => Math.max(0.5, (100 * time) / longest).toFixed(1);
  const words = `${seconds(median)}, 90 % within ${seconds(p90)}, of ${count}`;
  return html`${words}<svg class="bars" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="p90" width="${width(p90)}" height="8"/><rect class="median" width="${width(median)}" height="8"/></svg>`;
}

function seconds(time: number): string {
  if (time < 120) return `${Math.round(time)} s`;
  if (time < 7_200) return `${Math.round(time / 60)} min`;
  return time < 172_800 ? `${Math.round(time / 3_600)} h` : `${Math.round(time / 86_400)} d`;
}
