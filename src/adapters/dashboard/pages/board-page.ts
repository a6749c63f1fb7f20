// All environments and charts as a table.

import { setImmediate } from "node:timers/promises";
import { html, raw } from "hono/html";
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
  /** URL of the repository on GitHub. */
  readonly onGitHub: string;
  readonly now: Date;
}

/** One repository's part of the page; cached, as it is the same for everybody who may read it. */
export interface BoardSection {
  readonly repositoryId: number;
  readonly text: string;
}

export async function boardSections(
  { repositories, at }: Board,
  githubWeb: string,
): Promise<readonly BoardSection[]> {
  const sections: BoardSection[] = [];
  for (const repository of repositories) {
    const place = { repository, now: at, onGitHub: `${githubWeb}/${repository.name}` };
    sections.push({ repositoryId: repository.id, text: String(await repositorySection(place)) });
    await setImmediate();
  }
  return sections;
}

export function boardPage(sections: readonly BoardSection[], nothing = NONE_KNOWN): Page {
  const parts = sections.map(({ text }) => raw(text));
  return {
    title: "Environments",
    main: html`${parts.length === 0 ? html`<p>${nothing}</p>` : parts}<p class="legend">${LEGEND}</p>`,
  };
}

const NONE_KNOWN =
  "No config repository is known yet: none has the App installed and a .github/chart-promoter.yml.";

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

function lastDeployment({ last }: BoardEnvironment, place: Place): Html | string {
  if (!last) return "none";
  const { state, pullRequest, changedAt } = last;
  const mark = state === "failure" || state === "error" ? "bad" : "";
  return html`<span class="${mark}">${DEPLOYMENT_WORDS[state]}</span> <a href="${pullRequestPath(place, pullRequest)}">#${pullRequest}</a>, ${ageText(changedAt, place.now)} ago`;
}

/** A relative link to the redirect to GitHub, which is short: a page may have thousands. */
function pullRequestPath({ repository }: Place, number: number): string {
  return `/pulls/${repository.id}/${number}`;
}

const HELD = html`, <b class="wait">held</b>`;
const FAILS = html`, <b class="bad">check fails</b>`;
const WAITS = html`, <b class="wait">check waits</b>`;

/** Nothing for a successful check, which is the normal case. */
function checkText(check: BoardCheck | undefined): Html | string {
  if (!check) return "";
  if (check.isHeld) return HELD;
  if (check.conclusion === "failure") return FAILS;
  return check.conclusion === "pending" ? WAITS : "";
}

function cell(found: BoardCell | undefined, place: Place): Html {
  if (!found) return EMPTY;
  const { present = "?", isBehind, open } = found;
  const shown = isBehind ? `${present} ↑` : present;
  if (!open) return html`<td>${shown}</td>`;
  const { version, pullRequest, since, check } = open;
  const age = since ? `, ${ageText(since, place.now)}` : "";
  return html`<td>${shown} <a href="${pullRequestPath(place, pullRequest)}">#${pullRequest} to ${version}</a>${age}${checkText(check)}</td>`;
}

const EMPTY = html`<td>–</td>`;
