// Resolves a dependency's `repository` text to a chart repository of server.yaml.

import { matchesRepository } from "../config/glob.ts";
import type { ChartRepository } from "../config/settings.ts";

/**
 * Matches by URL (`url` and `also`, ignoring a trailing slash, the default port and the case of the host), `@name`, or
 * `alias:name`. `undefined` for `file://` and an empty text. An OCI repository is the path that contains the charts.
 */
export function resolveRepository(
  repositories: readonly ChartRepository[],
  text: string,
): ChartRepository | undefined {
  const alias = /^(?:@|alias:)(.+)$/.exec(text)?.[1];
  if (alias !== undefined) return repositories.find(({ name }) => name === alias);
  const wanted = normaliseUrl(text);
  if (wanted === undefined) return undefined;
  return repositories.find(({ url, also }) => [url, ...also].some((known) => normaliseUrl(known) === wanted));
}

/** The chart repositories that the operator allows for this config repository. `repository`: `owner/name`. */
export function chartRepositoriesFor(
  repositories: readonly ChartRepository[],
  { owner, name }: { readonly owner: string; readonly name: string },
): readonly ChartRepository[] {
  return repositories.filter(
    ({ repositories: globs }) => globs === undefined || matchesRepository(globs, `${owner}/${name}`),
  );
}

/** The same text for all URLs of one repository; `undefined` unless http, https or oci. */
export function normaliseUrl(text: string): string | undefined {
  const oci = /^oci:\/\//i.test(text);
  const url = URL.parse(oci ? text.replace(/^oci:/i, "https:") : text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  return `${oci ? "oci:" : url.protocol}//${url.host}${url.pathname.replace(/(?<!\/)\/+$/, "")}${url.search}`;
}
