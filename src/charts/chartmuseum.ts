// ChartMuseum's JSON interface. A version counts as found only when the answer names exactly that version: ChartMuseum
// takes the version asked for as a range and may answer with another one.

import { fail, ok, type Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import { authorizationOf } from "./authorization.ts";
import { type ChartVersion, type LookUp, parseChartVersion } from "./chart-version.ts";
import { parseJson } from "./parse-json.ts";
import { type IndexRead, readIndex } from "./read-index.ts";
import { type Answer, BULKY, QUICK, type Request, request } from "./request.ts";
import { unreachable } from "./unreachable.ts";

type Limits = Pick<Request, "write" | "timeoutMs" | "maxBytes">;

/** The texts with which ChartMuseum says, in good health, that a chart or version is not there. */
const NOT_THERE = /^(chart not found|no chart (name|version) found|improper constraint)/;

export async function lookUpInMuseum(
  repository: ChartRepository,
  chart: string,
  version: string,
): Promise<LookUp> {
  const answer = await ask(repository, `/${encodeURIComponent(chart)}/${encodeURIComponent(version)}`);
  const absent = absence(answer);
  if (absent !== undefined) return { kind: "missing", asked: `${answer.asked} answered 404 "${absent}"` };
  const found = parseChartVersion(json(answer));
  if (found === undefined) return { kind: "unreachable", problem: unreachable(repository.name, answer) };
  const { metadata } = found;
  if (metadata.name === chart && metadata.version === version) return { kind: "found", ...found };
  return {
    kind: "missing",
    asked: `${answer.asked} answered with ${metadata.name} ${metadata.version} instead`,
  };
}

/** Every version of a chart, newest first; none when there is no such chart. */
export async function versionsInMuseum(
  repository: ChartRepository,
  chart: string,
): Promise<Result<readonly ChartVersion[]>> {
  const answer = await ask(repository, `/${encodeURIComponent(chart)}`);
  if (absence(answer) !== undefined) return ok([]);
  const entries = json(answer);
  if (!Array.isArray(entries)) return fail(unreachable(repository.name, answer));
  return ok(entries.flatMap((entry) => parseChartVersion(entry) ?? []));
}

/** Every version of every chart. */
export function readMuseumList(repository: ChartRepository): Promise<IndexRead> {
  return readIndex({ layout: "museum" }, (write) => ask(repository, "", { write, ...BULKY }));
}

async function ask(repository: ChartRepository, path: string, limits: Limits = QUICK): Promise<Answer> {
  const get = (api: string) => {
    const headers = { accept: "application/json" };
    return request({
      url: new URL(`${api}${path}`),
      headers,
      authorization: authorizationOf(repository),
      ...limits,
    });
  };
  const [first, ...others] = museumApi(repository.fetchFrom);
  let answer = await get(first);
  for (const api of others) if (isNoRoute(answer)) answer = await get(api);
  return answer;
}

/**
 * Where `/api/…/charts` may be, likeliest first. Of a path, the last parts may be a tenant (`--depth`), which stands
 * after `/api`, and the first ones a `--context-path`, which stands before it.
 */
export function museumApi(fetchFrom: string): readonly [string, ...string[]] {
  const { origin, pathname } = new URL(fetchFrom);
  const parts = pathname.split("/").filter((part) => part !== "");
  const at = (cut: number) =>
    [origin, ...parts.slice(0, cut), "api", ...parts.slice(cut), "charts"].join("/");
  return [at(0), ...parts.map((_, index) => at(index + 1))];
}

function isNoRoute(answer: Answer): boolean {
  return answer.kind === "answer" && answer.status === 404 && absence(answer) === undefined;
}

/** ChartMuseum's own words for "not there"; nothing when it says anything else. */
function absence(answer: Answer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 404) return undefined;
  const { error } = Object(parseJson(answer.body));
  return typeof error === "string" && NOT_THERE.test(error) ? error : undefined;
}

function json(answer: Answer): unknown {
  return answer.kind === "answer" && answer.status === 200 ? parseJson(answer.body) : undefined;
}
