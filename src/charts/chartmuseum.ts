// ChartMuseum's JSON interface. A version counts as found only when the answer names exactly that version: ChartMuseum
// takes the version asked for as a range and may answer with another one.

import { fail, ok, type Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import { authorizationOf } from "./authorization.ts";
import { type ChartVersion, type LookUp, parseChartVersion } from "./chart-version.ts";
import { type Answer, QUICK, request } from "./request.ts";
import { unreachable } from "./unreachable.ts";

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

async function ask(repository: ChartRepository, path: string): Promise<Answer> {
  const [first, ...others] = museumApi(repository.fetchFrom);
  let answer = await get(repository, `${first}${path}`);
  for (const api of others) if (isNoRoute(answer)) answer = await get(repository, `${api}${path}`);
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

function get(repository: ChartRepository, url: string): Promise<Answer> {
  const headers = { accept: "application/json" };
  return request({ url: new URL(url), headers, authorization: authorizationOf(repository), ...QUICK });
}

function isNoRoute(answer: Answer): boolean {
  return answer.kind === "answer" && answer.status === 404 && absence(answer) === undefined;
}

/** ChartMuseum's own words for "not there"; nothing when it says anything else. */
function absence(answer: Answer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 404) return undefined;
  const { error } = Object(parse(answer.body));
  return typeof error === "string" && NOT_THERE.test(error) ? error : undefined;
}

function json(answer: Answer): unknown {
  return answer.kind === "answer" && answer.status === 200 ? parse(answer.body) : undefined;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
}
