// Steps of a publish or a chart, in words and with their times.

import { html } from "hono/html";
import type { HistoryEvent } from "../../../domain/model/history.ts";
import { noticeText } from "../../../domain/notification/notice-text.ts";
import type { JourneyStep } from "../../../reconcile/board/read-journey.ts";
import type { Html } from "./layout.ts";
import { time } from "./words.ts";

/** Keeps the order. */
export function stepList(steps: readonly JourneyStep[], githubWeb: string): Html {
  if (steps.length === 0) return html`<p>Nothing is remembered of it.</p>`;
  return html`<ol class="steps">${steps.map((one) => stepItem(one, githubWeb))}</ol>`;
}

function stepItem({ event, repository }: JourneyStep, githubWeb: string): Html {
  const place = { githubWeb, ...(repository !== undefined && { repository }) };
  const { sentence, link } = noticeText(event, place);
  const superseded =
    link && event.facts.pullRequest !== undefined ? html` <a href="${link.url}">${link.label}</a>` : "";
  return html`<li>${time(event.at)} ${sentence}${superseded}${journeyLink(event)}</li>`;
}

function journeyLink({ kind, facts }: HistoryEvent): Html | string {
  if (kind !== "proposed" || facts.publishId === undefined) return "";
  return html` <a href="/journeys/${encodeURIComponent(facts.publishId)}">the way of ${facts.chart ?? ""} ${facts.version ?? ""}</a>`;
}
