// A chart repository that is an index.yaml on a web server (`helm repo index`, chart-releaser, Nexus, Artifactory).

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import { authorizationOf } from "./authorization.ts";
import type { ChartVersion, LookUp } from "./chart-version.ts";
import type { IndexRead } from "./download-index.ts";
import type { IndexContent } from "./index-content.ts";
import { readIndex } from "./read-index.ts";
import { unreachable } from "./unreachable.ts";

export async function lookUpInIndex(
  repository: ChartRepository,
  chart: string,
  version: string,
): Promise<LookUp> {
  const read = await readIndexFile(repository, { chart });
  const { content, answer } = read;
  if (content?.kind !== "chart") return { kind: "unreachable", problem: indexProblem(repository, read) };
  const found = content.versions.find(({ metadata }) => metadata.version === version);
  if (found?.metadata.name === chart) return { kind: "found", ...found };
  const listed =
    content.versions.length === 0 ? "no such chart" : `${content.versions.length} other versions`;
  return { kind: "missing", asked: `${answer.asked} lists ${listed}` };
}

export async function versionsInIndex(
  repository: ChartRepository,
  chart: string,
): Promise<Result<readonly ChartVersion[]>> {
  const read = await readIndexFile(repository, { chart });
  if (read.content?.kind === "chart") return ok(read.content.versions);
  return fail(indexProblem(repository, read));
}

/** `headers`: conditions, so that an unchanged index is not sent again. */
export function readIndexFile(
  repository: ChartRepository,
  {
    chart,
    headers = {},
  }: { readonly chart?: string; readonly headers?: { readonly [name: string]: string } },
): Promise<IndexRead> {
  return readIndex({
    url: `${repository.fetchFrom}/index.yaml`,
    headers,
    authorization: authorizationOf(repository),
    query: { layout: "index", ...(chart !== undefined && { chart }) },
  });
}

/** Why an index was not read. */
export function indexProblem(
  repository: ChartRepository,
  { answer, content }: { readonly answer: IndexRead["answer"]; readonly content?: IndexContent },
): Problem {
  if (content?.kind !== "bad") return unreachable(repository.name, answer);
  return {
    code: "chart-repository-unreachable",
    message: `Chart repository "${repository.name}" has no usable index: that of ${answer.asked} ${content.reason}.`,
    help: "Look at what stands at that address; nothing was changed because of it, and it is asked again later.",
  };
}
