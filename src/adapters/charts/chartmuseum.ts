// ChartMuseum's JSON API. A version is found only when the response has exactly that version: ChartMuseum treats the
// requested version as a range and may return another one.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { type LookUp, parseChartVersion } from "./chart-version.ts";
import { authorizationOf, reachOf } from "./http/authorization.ts";
import { OF_MANY, parseForeignJson } from "./http/parse-json.ts";
import { type HttpAnswer, QUICK, request } from "./http/request.ts";
import { unreachable, unreachableProblem } from "./http/unreachable.ts";
import type { IndexRead } from "./index/download-index.ts";
import { readIndex } from "./index/read-index.ts";
import type { Released } from "./version-range.ts";
import type { WantedVersion } from "./wanted-version.ts";

const HEADERS = { accept: "application/json" };

/** ChartMuseum's messages, in healthy responses, that a chart or version is not there. */
const NOT_THERE = /^(chart not found|no chart (name|version) found|improper constraint)/;

export async function lookUpInMuseum(
  repository: ChartRepository,
  { chart, version }: WantedVersion,
): Promise<LookUp> {
  const answer = await get(repository, `/${encodeURIComponent(chart)}/${encodeURIComponent(version)}`);
  const absent = absence(answer);
  if (absent !== undefined)
    return { kind: "missing", requested: `${answer.requested} answered 404 "${absent}"` };
  const found = parseChartVersion(json(answer));
  if (found === undefined) return unreachable(repository.name, answer);
  const { metadata } = found;
  if (metadata.name === chart && metadata.version === version) return { kind: "found", ...found };
  return {
    kind: "missing",
    requested: `${answer.requested} answered with ${metadata.name} ${metadata.version} instead`,
  };
}

/** The most versions of a list that is read in one request. */
const LONGEST_LIST = 5_000;

/** The same for several versions of one chart; `undefined` when the list of its versions is too large. */
export async function lookUpInMuseumList(
  repository: ChartRepository,
  chart: string,
  wanted: readonly WantedVersion[],
): Promise<readonly LookUp[] | undefined> {
  const answer = await get(repository, `/${encodeURIComponent(chart)}`);
  const absent = absence(answer);
  const entries = absent === undefined ? json(answer, OF_MANY) : [];
  if (answer.kind === "failed" && answer.isTooLarge) return undefined;
  if (isAnswered(answer) && !isReadAtOnce(entries)) return undefined;
  if (!Array.isArray(entries)) return wanted.map(() => unreachable(repository.name, answer));
  const versions = new Set<unknown>(wanted.map(({ version }) => version));
  const found = new Map(
    entries
      .filter((entry) => versions.has(Object(entry).version))
      .flatMap((entry) => parseChartVersion(entry) ?? [])
      .filter(({ metadata }) => metadata.name === chart)
      .map((one) => [one.metadata.version, one]),
  );
  const outcome =
    absent === undefined ? `lists ${entries.length} other versions` : `answered 404 "${absent}"`;
  return wanted.map(({ version }): LookUp => {
    const one = found.get(version);
    return one ? { kind: "found", ...one } : { kind: "missing", requested: `${answer.requested} ${outcome}` };
  });
}

function isAnswered(answer: HttpAnswer): boolean {
  return answer.kind === "answer" && answer.status === 200;
}

function isReadAtOnce(entries: unknown): entries is readonly unknown[] {
  return Array.isArray(entries) && entries.length <= LONGEST_LIST;
}

/** Every version of a chart, newest first; empty when there is no such chart. */
export async function versionsInMuseum(repository: ChartRepository, chart: string): Promise<Released> {
  const answer = await get(repository, `/${encodeURIComponent(chart)}`);
  if (absence(answer) !== undefined) return { versions: [] };
  const entries = json(answer, OF_MANY);
  if (!isAnswered(answer))
    return { versions: [], incomplete: unreachableProblem(repository.name, answer).message };
  if (!isReadAtOnce(entries)) {
    const incomplete = `Chart repository "${repository.name}" answers with no list of the versions of ${chart}, or with more of one than is read at once.`;
    return { versions: [], incomplete };
  }
  return { versions: entries.flatMap((entry) => parseChartVersion(entry) ?? []) };
}

/** Every version of every chart. */
export async function readMuseumList(repository: ChartRepository): Promise<IndexRead> {
  const authorization = authorizationOf(repository);
  const query = { layout: "museum" } as const;
  return atInterface(repository, (url) =>
    readIndex({ url, headers: HEADERS, authorization, reach: reachOf(repository), query }),
  );
}

async function get(repository: ChartRepository, path: string): Promise<HttpAnswer> {
  const authorization = authorizationOf(repository);
  const { answer } = await atInterface(repository, async (api) => {
    const url = new URL(`${api}${path}`);
    return {
      answer: await request({
        ...{ url, headers: HEADERS, authorization, reach: reachOf(repository) },
        ...QUICK,
      }),
    };
  });
  return answer;
}

/** Tries one URL after the other until one is the API. */
async function atInterface<T extends { readonly answer: HttpAnswer }>(
  { fetchFrom }: ChartRepository,
  get: (api: string) => Promise<T>,
): Promise<T> {
  const [first, ...others] = museumApi(fetchFrom);
  let listing = await get(first);
  for (const api of others) if (isNoRoute(listing.answer)) listing = await get(api);
  return listing;
}

/**
 * Candidate URLs of `/api/…/charts`, the most likely first. The last parts of a path may be a tenant (`--depth`), which
 * comes after `/api`, and the first ones a `--context-path`, which comes before it.
 */
export function museumApi(fetchFrom: string): readonly [string, ...string[]] {
  const { origin, pathname } = new URL(fetchFrom);
  const parts = pathname.split("/").filter((part) => part !== "");
  const at = (cut: number) =>
    [origin, ...parts.slice(0, cut), "api", ...parts.slice(cut), "charts"].join("/");
  return [at(0), ...parts.map((_, index) => at(index + 1))];
}

function isNoRoute(answer: HttpAnswer): boolean {
  return answer.kind === "answer" && answer.status === 404 && absence(answer) === undefined;
}

/** ChartMuseum's message for "not there"; `undefined` for any other response. */
function absence(answer: HttpAnswer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 404) return undefined;
  const { error } = Object(parseForeignJson(answer.body));
  return typeof error === "string" && NOT_THERE.test(error) ? error : undefined;
}

function json(answer: HttpAnswer, most?: Parameters<typeof parseForeignJson>[1]): unknown {
  return answer.kind === "answer" && answer.status === 200 ? parseForeignJson(answer.body, most) : undefined;
}
