// An environment's folder in a checkout, read as the server does from GitHub.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { normaliseUrl } from "../../domain/model/chart/chart-repository.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { BlobFile } from "../../domain/model/github/snapshot.ts";
import type { Files } from "../../domain/model/umbrella.ts";

/** Those of these paths that exist. */
export async function readBlobs(
  folder: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, BlobFile>> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const file = join(folder, path);
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) return [];
      const mode = ((await stat(file)).mode & 0o100) === 0 ? 0o100644 : 0o100755;
      return [[path, { oid: path, mode, text }] as const];
    }),
  );
  return new Map(found.flat());
}

/** Paths in `charts/`, one level deep. */
export async function vendoredIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, "charts")).catch(() => []);
  return names.toSorted((one, other) => (one < other ? -1 : 1)).map((name) => `charts/${name}`);
}

/** Paths of the umbrella chart's own templates. */
export async function templatesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, "templates"), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const prefix = join(folder, "/");
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(prefix.length))
    .sort();
}

/** The one that is named, or each whose URL is in these texts. */
export function repositoriesIn(texts: Files, named: string | undefined): readonly ChartRepository[] {
  const written = [...texts.values()].join("\n").match(/(?:https?|oci):\/\/[^\s"'#,}\]]+/g) ?? [];
  const urls = named === undefined ? [...new Set(written.map((url) => normaliseUrl(url) ?? url))] : [named];
  return urls.map((url) => ({
    ...{ name: url, url, also: [], kind: "chartmuseum", fetchFrom: url },
    credentials: { kind: "none" },
  }));
}
