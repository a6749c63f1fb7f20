// Selects the entries of an umbrella chart by name, alias and repository.

import { normaliseUrl } from "../../domain/model/chart/chart-repository.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { shownAddress } from "../../domain/model/secret/shown-address.ts";
import { type Dependency, entryInWords, type Umbrella } from "../../domain/model/umbrella.ts";
import { repositoryReference } from "../../domain/umbrella/lock/lock-file.ts";

export interface Selection {
  readonly name: string;
  readonly alias?: string;
  /** The URL of the chart repository. */
  readonly repository?: string | undefined;
  readonly repositories: ReadonlyMap<string, string>;
}

/**
 * The indexes of all entries with this name, whatever their alias, in the order of the list. Local charts (`file://`,
 * or no repository) never count; entries from several repositories are ambiguous without one.
 */
export function selectEntries(umbrella: Umbrella, selection: Selection): Result<readonly number[]> {
  const candidates = umbrella.dependencies
    .map((dependency, index) => ({ dependency, index, url: urlOf(umbrella, index, selection) }))
    .filter(({ dependency }) => dependency.name === selection.name && isRemote(dependency))
    .filter(({ dependency }) => selection.alias === undefined || dependency.alias === selection.alias)
    .filter(({ url }) => selection.repository === undefined || same(url) === same(selection.repository));
  if (candidates.length === 0) return fail(nothing(umbrella, selection));
  const urls = new Set(candidates.map(({ url }) => same(url)));
  return urls.size > 1
    ? fail(ambiguous(umbrella, selection, [...urls]))
    : ok(candidates.map(({ index }) => index));
}

function isRemote({ repository }: Dependency): boolean {
  return repository !== "" && !repository.startsWith("file://");
}

/** The URL of the entry's repository; for `@name` the one that the lock was written with. */
function urlOf({ dependencies, lock }: Umbrella, index: number, { repositories }: Selection): string {
  const written = dependencies[index]?.repository ?? "";
  const reference = repositoryReference(written);
  if (reference === undefined) return written;
  return repositories.get(reference) ?? lock?.dependencies[index]?.repository ?? written;
}

/** Ignores credentials in the URL. */
function same(url: string): string {
  return normaliseUrl(url) ?? url;
}

function described({ name, alias, repository }: Selection): string {
  const from = repository === undefined ? "" : ` from ${shownAddress(repository)}`;
  return alias === undefined ? `${name}${from}` : `${name} with the alias ${alias}${from}`;
}

function nothing({ manifest, dependencies }: Umbrella, selection: Selection): Problem {
  const named = dependencies.filter(({ name }) => name === selection.name);
  const isLocal = named.length > 0 && !named.some(isRemote);
  const called = dependencies.find(({ alias }) => alias === selection.name);
  const what = called === undefined ? "" : `; ${selection.name} is the alias of ${called.name}`;
  const listed = dependencies.map(entryInWords).join(", ") || "there is none";
  return {
    code: "manifest-missing",
    message: `${manifest} has no dependency ${described(selection)}${isLocal ? " (only one that lies beside the chart)" : what}.`,
    help:
      called === undefined
        ? `Name one that ${manifest} lists: ${listed}.`
        : `Name the chart, and the entry with --alias: ${called.name} … --alias ${selection.name}.`,
    place: { file: manifest },
  };
}

function ambiguous({ manifest }: Umbrella, selection: Selection, urls: readonly string[]): Problem {
  return {
    code: "manifest-ambiguous",
    message: `${manifest} lists ${described(selection)} from several repositories: ${urls.map(shownAddress).join(", ")}.`,
    help: "Choose one with --repository URL, or one entry with --alias.",
    place: { file: manifest },
  };
}
