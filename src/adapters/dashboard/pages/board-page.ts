// All environments against all charts.

import { html } from "hono/html";
import type {
  Board,
  BoardCell,
  BoardChart,
  BoardCheck,
  BoardEnvironment,
  BoardRepository,
} from "../../../domain/board/board.ts";
import { untilText } from "../../../domain/model/instant.ts";
import type { Html, Page } from "./layout.ts";
import { ageText, DEPLOYMENT_WORDS } from "./words.ts";

interface Place {
  readonly repository: BoardRepository;
  /** Where the repository's pages on GitHub are. */
  readonly onGitHub: string;
  readonly now: Date;
}

export function boardPage({ repositories, at }: Board, githubWeb: string): Page {
  const places = repositories.map((repository) => ({
    ...{ repository, now: at },
    onGitHub: `${githubWeb}/${repository.name}`,
  }));
  const nothing = html`<p>No config repository is known yet: none has the App installed and a <code>.github/chart-promoter.yml</code>.</p>`;
  return {
    title: "Environments",
    main: html`${places.length === 0 ? nothing : places.map(repositorySection)}<p class="legend">${LEGEND}</p>`,
  };
}

const LEGEND =
  "In each cell: the version that the branch has, and the open promotion with its pull request and age. An older version than the one that was published last is marked with ↑.";

function repositorySection(place: Place): Html {
  const { repository, onGitHub } = place;
  const { name, broken, charts, environments } = repository;
  const id = `r${repository.id}`;
  if (broken !== undefined)
    return html`<h2 id="${id}"><a href="${onGitHub}">${name}</a></h2><p class="bad">Its .github/chart-promoter.yml cannot be used: ${broken}</p>`;
  return html`<h2 id="${id}"><a href="${onGitHub}">${name}</a></h2>
<div class="wide" role="region" tabindex="0" aria-labelledby="${id}"><table>
<thead><tr><th scope="col">Environment</th><th scope="col">Last deployment</th>${charts.map((chart) => head(chart, repository))}</tr></thead>
<tbody>${environments.map((environment) => row(environment, place))}</tbody></table></div>`;
}

function head({ name, newest }: BoardChart, repository: BoardRepository): Html {
  const newestText = newest === undefined ? "none published yet" : `published: ${newest}`;
  return html`<th scope="col"><a href="/repositories/${repository.name}/charts/${encodeURIComponent(name)}">${name}</a><small>${newestText}</small></th>`;
}

function row(environment: BoardEnvironment, place: Place): Html {
  const { charts } = place.repository;
  return html`<tr><th scope="row">${environment.name}${notes(environment)}</th><td>${lastDeployment(environment, place)}</td>${charts.map(({ name }) => cell(environment.cells.get(name), place))}</tr>
`;
}

function notes({ hold, drift }: BoardEnvironment): Html {
  const end = hold?.until ? ` until ${untilText(hold.until)}` : "";
  const held = hold && html`<small class="wait">held${end}: ${hold.reason}</small>`;
  const drifted =
    drift && drift.resources > 0
      ? html`<small class="bad">${drift.resources} ${drift.resources === 1 ? "resource differs" : "resources differ"} from what was deployed</small>`
      : undefined;
  const unwatched =
    drift?.isWatched === false ? html`<small class="wait">nobody reports on it</small>` : undefined;
  return html`${held ?? ""}${drifted ?? ""}${unwatched ?? ""}`;
}

function lastDeployment({ last }: BoardEnvironment, { onGitHub, now }: Place): Html | string {
  if (!last) return "none";
  const { state, pullRequest, changedAt } = last;
  const mark = state === "failure" || state === "error" ? "bad" : "";
  return html`<span class="${mark}">${DEPLOYMENT_WORDS[state]}</span> <a href="${onGitHub}/pull/${pullRequest}">#${pullRequest}</a>, ${ageText(changedAt, now)} ago`;
}

/** Nothing for one that lets merge: it is what one expects. */
function checkText(check: BoardCheck | undefined): Html | string {
  if (!check) return "";
  if (check.isHeld) return html`, <b class="wait">held</b>`;
  if (check.conclusion === "failure") return html`, <b class="bad">check fails</b>`;
  return check.conclusion === "pending" ? html`, <b class="wait">check waits</b>` : "";
}

function cell(found: BoardCell | undefined, place: Place): Html {
  if (!found) return html`<td>–</td>`;
  const { present = "?", isBehind, open } = found;
  const behind = isBehind ? " ↑" : "";
  if (!open) return html`<td>${present}${behind}</td>`;
  const { version, pullRequest, since, check } = open;
  const age = since ? `, ${ageText(since, place.now)}` : "";
  return html`<td>${present}${behind} <a href="${place.onGitHub}/pull/${pullRequest}">#${pullRequest} to ${version}</a>${age}${checkText(check)}</td>`;
}
