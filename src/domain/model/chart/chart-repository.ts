// Which chart repository of server.yaml a dependency's `repository` text means.

import { matchesRepository } from "../config/glob.ts";
import type { ChartRepository } from "../config/settings.ts";

/**
 * By URL (`url` and `also`, whatever the trailing slash, the default port or the case of the host), `@name`, `alias:name`.
 * `file://` and an empty text mean none. An OCI repository is the path that charts stand below.
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

/** Those that the operator lets this config repository use. `repository`: `owner/name`. */
export function chartRepositoriesFor(
  repositories: readonly ChartRepository[],
  { owner, name }: { readonly owner: string; readonly name: string },
): readonly ChartRepository[] {
  return repositories.filter(
    ({ repositories: globs }) => globs === undefined || matchesRepository(globs, `${owner}/${name}`),
  );
}

/** Two URLs of one repository give the same text; `undefined` for what is not http, https or oci. */
export function normaliseUrl(text: string): string | undefined {
  const oci = /^oci:\/\//i.test(text);
  const url = URL.parse(oci ? text.replace(/^oci:/i, "https:") : text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  return `${oci ? "oci:" : url.protocol}//${url.host}${url.pathname.replace(/(?<!\/)\/+$/, "")}${url.search}`;
}
