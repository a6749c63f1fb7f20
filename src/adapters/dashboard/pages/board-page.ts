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

/** Limits of table cells. Writing a thousand cells takes some milliseconds. */
const MOST_CELLS = { repository: 5_000, page: 20_000 };
const MOST_REPOSITORIES = 100;
/** Cells that are written before the event loop gets a turn. */
const CELLS_AT_ONCE = 250;

/** Splits the repositories into pages; at least one page. */
export function boardPages(
  repositories: readonly BoardRepository[],
): readonly (readonly BoardRepository[])[] {
  const pages: BoardRepository[][] = [[]];
  let cells = 0;
  for (const repository of repositories) {
    const own = repository.environments.length * (columnsOf(repository).length + HEADS);
    const isFull = pages.at(-1)?.length === MOST_REPOSITORIES || (cells > 0 && cells + own > MOST_CELLS.page);
    if (isFull) pages.push([]);
    cells = (isFull ? 0 : cells) + own;
    pages.at(-1)?.push(repository);
  }
  return pages;
}

/** Columns before those of the charts. */
const HEADS = 2;

/** As many charts as fit into the table, the first by name. */
function columnsOf({ charts, environments }: BoardRepository): readonly BoardChart[] {
  return charts.slice(0, Math.max(1, Math.floor(MOST_CELLS.repository / Math.max(1, environments.length))));
}

/** One repository's section: the same for every visitor who may read it. */
export async function boardSection(
  repository: BoardRepository,
  { at, githubWeb }: Pick<Board, "at"> & { readonly githubWeb: string },
): Promise<string> {
  const { id, name, broken, charts, environments } = repository;
  const place = { repository, now: at, onGitHub: `${githubWeb}/${name}` };
  const heading = `r${id}`;
  const title = html`<h2 id="${heading}"><a href="${place.onGitHub}">${name}</a></h2>`;
  if (broken !== undefined)
    return String(
      await html`${title}<p class="bad">Its .github/chart-promoter.yml cannot be used: ${broken}</p>`,
    );
  const columns = columnsOf(repository);
  const rows: string[] = [];
  let cells = 0;
  for (const environment of environments) {
    rows.push(String(await row(environment, columns, place)));
    cells += columns.length + HEADS;
    if (cells < CELLS_AT_ONCE) continue;
    await setImmediate();
    cells = 0;
  }
  return String(
    await html`${title}
<div class="wide" role="region" tabindex="0" aria-labelledby="${heading}"><table>
<thead><tr><th scope="col">Environment</th><th scope="col">Last deployment</th>${columns.map((chart) => head(chart, repository))}</tr></thead>
<tbody>${raw(rows.join(""))}</tbody></table></div>${leftOut(charts.length - columns.length, name)}`,
  );
}

function leftOut(charts: number, repository: string): Html | string {
  if (charts === 0) return "";
  const counted = charts === 1 ? "1 more chart has" : `${charts.toLocaleString("en")} more charts have`;
  return html`<p class="legend">${counted} no column here. The page of a chart is <code>/repositories/${repository}/charts/CHART</code>.</p>`;
}

interface Shown {
  readonly sections: readonly string[];
  /** Counted from 1. */
  readonly number: number;
  readonly pages: number;
  /** Text for a page without sections. */
  readonly nothing?: string | undefined;
}

export function boardPage({ sections, number, pages, nothing = NONE_KNOWN }: Shown): Page {
  const parts = sections.map((text) => raw(text));
  return {
    title: "Environments",
    main: html`${parts.length === 0 ? html`<p>${nothing}</p>` : parts}<p class="legend">${LEGEND}</p>${pageLinks(number, pages)}`,
  };
}

function pageLinks(number: number, pages: number): Html | string {
  if (pages === 1) return "";
  const before = number > 1 ? html`<a href="/?page=${number - 1}">Page ${number - 1}</a> ` : "";
  const after = number < pages ? html` <a href="/?page=${number + 1}">Page ${number + 1}</a>` : "";
  return html`<nav aria-label="Further repositories">${before}Page ${number} of ${pages}${after}</nav>`;
}

const NONE_KNOWN =
  "No config repository is known yet: none has the App installed and a .github/chart-promoter.yml.";

const LEGEND =
  "In each cell: the version that the branch has, and the open promotion with its pull request and age. An older version than the one that was published last is marked with ↑.";

function head({ name, newest }: BoardChart, repository: BoardRepository): Html {
  const newestText = newest === undefined ? "none published yet" : `published: ${newest}`;
  return html`<th scope="col"><a href="/repositories/${repository.name}/charts/${encodeURIComponent(name)}">${name}</a><small>${newestText}</small></th>`;
}

function row(environment: BoardEnvironment, columns: readonly BoardChart[], place: Place): Html {
  return html`<tr><th scope="row">${environment.name}${notes(environment)}</th><td>${lastDeployment(environment, place)}</td>${columns.map(({ name }) => cell(environment.cells.get(name), place))}</tr>
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

/** Empty for a successful check, which is the normal case. */
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
