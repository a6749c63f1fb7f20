// The history of one chart in the environments of a config repository.

import { html } from "hono/html";
import type { BoardEnvironment, BoardRepository } from "../../../domain/board/board.ts";
import type { HistoryEvent } from "../../../domain/model/history.ts";
import type { PersonalAction } from "../../../reconcile/act-for-person.ts";
import { actionForm } from "../actions/action-forms.ts";
import type { Session } from "../sign-in/sessions.ts";
import type { Html, Page } from "./layout.ts";
import { stepList } from "./steps.ts";
import { ageText, DEPLOYMENT_WORDS } from "./words.ts";

interface ChartFacts {
  readonly repository: BoardRepository;
  readonly chart: string;
  /** Newest first. */
  readonly events: readonly HistoryEvent[];
  readonly githubWeb: string;
  readonly now: Date;
  /** Session of a visitor with write access; enables the actions. */
  readonly writer?: Session;
}

export function chartPage(facts: ChartFacts): Page {
  const { repository, chart, events, githubWeb } = facts;
  const newest = repository.charts.find(({ name }) => name === chart)?.newest;
  const rows = repository.environments.filter(({ cells }) => cells.has(chart));
  const published =
    newest === undefined ? "No version is known to be published." : `Published last: ${newest}.`;
  return {
    title: `${chart} in ${repository.name}`,
    main: html`<p>${published}</p>
<div class="wide" role="region" tabindex="0" aria-label="Environments"><table><thead><tr><th scope="col">Environment</th><th scope="col">Version</th><th scope="col">Open promotion</th><th scope="col">Its check</th><th scope="col">Last deployment</th>${facts.writer ? html`<th scope="col">Have done</th>` : ""}</tr></thead>
<tbody>${rows.map((environment) => row(environment, facts))}</tbody></table></div>
<h2>What happened</h2>
${stepList(
  events.map((event) => ({ event, repository: repository.name })),
  githubWeb,
)}`,
  };
}

function row(environment: BoardEnvironment, facts: ChartFacts): Html {
  const { name, cells, last } = environment;
  const { repository, chart, githubWeb, now } = facts;
  const { present = "not known", open } = cells.get(chart) ?? {};
  const onGitHub = `${githubWeb}/${repository.name}`;
  const promotion = open
    ? html`<a href="${onGitHub}/pull/${open.pullRequest}">#${open.pullRequest}</a> to <a href="/journeys/${open.publishId}">${open.version}</a>${open.since ? `, ${ageText(open.since, now)} old` : ""}`
    : "none";
  const deployed = last ? `${DEPLOYMENT_WORDS[last.state]}, ${ageText(last.changedAt, now)} ago` : "none";
  return html`<tr><th scope="row">${name}</th><td>${present}</td><td>${promotion}</td><td>${open?.check?.title ?? "none"}</td><td>${deployed}</td>${facts.writer ? html`<td>${actions(environment, facts, facts.writer)}</td>` : ""}</tr>`;
}

function actions(
  { name: environment, cells, last, drift }: BoardEnvironment,
  { repository, chart }: ChartFacts,
  writer: Session,
): readonly Html[] {
  const { id: repositoryId } = repository;
  const { open } = cells.get(chart) ?? {};
  const back = `/repositories/${repository.name}/charts/${encodeURIComponent(chart)}`;
  const offered: readonly (readonly [label: string, action: PersonalAction] | undefined)[] = [
    open && [
      `${open.check?.isHeld ? "Let go" : "Hold"} #${open.pullRequest}`,
      { kind: open.check?.isHeld ? "unhold" : "hold", repositoryId, number: open.pullRequest },
    ],
    last && last.deployers.length > 0
      ? [`Deploy ${environment} again`, { kind: "redeploy", repositoryId, environment }]
      : undefined,
    drift && drift.resources > 0
      ? [`Heal ${environment}`, { kind: "heal", repositoryId, environment }]
      : undefined,
  ];
  return offered.flatMap((one) => (one ? actionForm({ label: one[0], action: one[1], back }, writer) : []));
}
