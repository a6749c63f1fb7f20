// Resolves `@name` and `alias:name` in a manifest to URLs.

import type { ChartRepository } from "../config/settings.ts";

/** URL by name in server.yaml. */
export function repositoryUrls(repositories: readonly ChartRepository[]): ReadonlyMap<string, string> {
  return new Map(repositories.map(({ name, url }) => [name, url]));
}
