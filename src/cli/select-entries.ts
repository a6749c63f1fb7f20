// Which entries of an umbrella chart a name, an alias and a repository mean.

import { repositoryReference } from "../manifest/lock-file.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Dependency, Umbrella } from "../model/umbrella.ts";

export interface Selection {
  readonly name: string;
  readonly alias?: string;
  /** The URL of the chart repository. */
  readonly repository?: string | undefined;
  readonly repositories: ReadonlyMap<string, string>;
}

/**
 * The positions of every entry of that name, whatever its alias, in the order of the list. Charts that lie beside the
 * umbrella (`file://`, or no repository) never count; entries from several repositories are ambiguous without one.
 */
export function selectEntries(umbrella: Umbrella, selection: Selection): Result<readonly number[]> {
  const candidates = umbrella.dependencies
    .map((dependency, index) => ({ dependency, index, url: urlOf(umbrella, index, selection) }))
    .filter(({ dependency }) => dependency.name === selection.name && isRemote(dependency))
    .filter(({ dependency }) => selection.alias === undefined || dependency.alias === selection.alias)
    .filter(({ url }) => selection.repository === undefined || bare(url) === bare(selection.repository));
  if (candidates.length === 0) return fail(nothing(umbrella, selection));
  const urls = new Set(candidates.map(({ url }) => bare(url)));
  return urls.size > 1
    ? fail(ambiguous(umbrella, selection, [...urls]))
    : ok(candidates.map(({ index }) => index));
}

function isRemote({ repository }: Dependency): boolean {
  return repository !== "" && !repository.startsWith("file://");
}

/** What the entry's repository stands for; the lock knows where `@name` pointed when it was written. */
function urlOf({ dependencies, lock }: Umbrella, index: number, { repositories }: Selection): string {
  const written = dependencies[index]?.repository ?? "";
  const reference = repositoryReference(written);
  if (reference === undefined) return written;
  return repositories.get(reference) ?? lock?.dependencies[index]?.repository ?? written;
}

function bare(url: string): string {
  return url.replace(/\/+$/, "");
}

function described({ name, alias, repository }: Selection): string {
  const from = repository === undefined ? "" : ` from ${repository}`;
  return alias === undefined ? `${name}${from}` : `${name} with the alias ${alias}${from}`;
}

function nothing({ manifest, dependencies }: Umbrella, selection: Selection): Problem {
  const local = dependencies.some(
    (dependency) => dependency.name === selection.name && !isRemote(dependency),
  );
  return {
    code: "manifest-missing",
    message: `${manifest} has no dependency ${described(selection)}${local ? " (only one that lies beside the chart)" : ""}.`,
    help: `Name one that ${manifest} lists: ${dependencies.map(({ name }) => name).join(", ") || "there is none"}.`,
    place: { file: manifest },
  };
}

function ambiguous({ manifest }: Umbrella, selection: Selection, urls: readonly string[]): Problem {
  return {
    code: "manifest-ambiguous",
    message: `${manifest} lists ${described(selection)} from several repositories: ${urls.join(", ")}.`,
    help: "Choose one with --repository URL, or one entry with --alias.",
    place: { file: manifest },
  };
}
