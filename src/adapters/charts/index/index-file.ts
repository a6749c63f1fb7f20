// Downloads and parses an index.yaml from a web server.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { authorizationOf, reachOf } from "../http/authorization.ts";
import { type Unreachable, unreachable } from "../http/unreachable.ts";
import type { IndexRead } from "./download-index.ts";
import type { IndexContent } from "./index-content.ts";
import { readIndex } from "./read-index.ts";

interface Wanted {
  /** The charts whose complete entries are wanted; absent: a short form of every chart's versions. */
  readonly charts?: readonly string[];
  /** Conditional request headers, so that an unchanged index is not sent again. */
  readonly headers: { readonly [name: string]: string };
}

export function readIndexFile(repository: ChartRepository, { charts, headers }: Wanted): Promise<IndexRead> {
  return readIndex({
    url: `${repository.fetchFrom}/index.yaml`,
    headers,
    authorization: authorizationOf(repository),
    reach: reachOf(repository),
    query: { layout: "index", ...(charts && { charts }) },
  });
}

/** Why an index could not be read. */
export function indexUnreachable(
  repository: ChartRepository,
  { answer, content }: { readonly answer: IndexRead["answer"]; readonly content?: IndexContent },
): Unreachable {
  if (content?.kind !== "bad") return unreachable(repository.name, answer);
  return unreachable(repository.name, answer, {
    code: "chart-repository-unreachable",
    message: `Chart repository "${repository.name}" has no usable index: that of ${answer.requested} ${content.reason}.`,
    help: "Look at what stands at that address; nothing was changed because of it, and it is asked again later.",
  });
}
