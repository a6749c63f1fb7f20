// Reads the environments' files at the commits that a head is judged by: merge base, base and head.

import type {
  CheckedPullRequest,
  EnvironmentTexts,
  PullRequestQuery,
} from "../../../../domain/model/github/checked-pull-request.ts";
import { foldersAbove, inRepository } from "../../../../domain/model/repository-path.ts";
import type { Files } from "../../../../domain/model/umbrella.ts";
import { AnswerTooLarge, MOST_BYTES } from "../../api/answer-reader.ts";
import { GitHubFailure } from "../../api/failure.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { commitsDocument, type RawHeadCommit } from "./head-query.ts";

type Environments = PullRequestQuery["environments"];
type Place = keyof EnvironmentTexts;

/** The answer for the files of some environments. */
export type HeadPart = { readonly environments: Environments } & {
  readonly [at in Place]: RawHeadCommit | null | undefined;
};

/**
 * Files per document, at each of three commits. Building a document of thirty thousand files blocks the event loop for
 * a fifth of a second.
 */
const MOST_FILES = 1_000;

export function fitsOneDocument(environments: Environments): boolean {
  return environments.reduce((sum, { files }) => sum + files.length, 0) <= MOST_FILES;
}

/** One request per thousand files. Throws a `GitHubFailure` when all answers together are too large. */
export async function readParts(
  access: RepositoryAccess,
  environments: Environments,
  oids: { readonly [at in Place]: string | undefined },
): Promise<readonly HeadPart[]> {
  const parts: HeadPart[] = [];
  let characters = 0;
  for (const one of inDocuments(environments)) {
    const part = await readPart(access, one, oids);
    characters += charactersOf(part);
    if (characters > MOST_BYTES) throw tooLarge();
    parts.push(part);
  }
  return parts;
}

async function readPart(
  { client, repository }: RepositoryAccess,
  environments: Environments,
  { fork, base, head }: { readonly [at in Place]: string | undefined },
): Promise<HeadPart> {
  const commits = [...new Set([fork, base, head].flatMap((oid) => oid ?? []))];
  const { document, variables } = commitsDocument(repository, environments, commits);
  const answer = await client.query<{
    readonly repository: { readonly [commit: string]: RawHeadCommit | null };
  }>("reading the files of environments", document, variables);
  const at = (oid: string | undefined) =>
    oid === undefined ? undefined : answer.repository[`c${commits.indexOf(oid)}`];
  return { environments, fork: at(fork), base: at(base), head: at(head) };
}

/** Keeps the order. An environment with more files than one document may read is split over several. */
function inDocuments(environments: Environments): readonly Environments[] {
  const documents: Environments[number][][] = [];
  let room = 0;
  for (const { files, ...environment } of environments)
    for (let at = 0; at < files.length; ) {
      if (room === 0) {
        documents.push([]);
        room = MOST_FILES;
      }
      const taken = files.slice(at, at + room);
      documents.at(-1)?.push({ ...environment, files: taken });
      at += taken.length;
      room -= taken.length;
    }
  return documents;
}

function charactersOf({ environments, ...commits }: HeadPart): number {
  const texts = environments.flatMap(({ files }, index) =>
    PLACES.flatMap((place) => [...textsOf(commits[place], index, files).values()]),
  );
  return texts.reduce((sum, { length }) => sum + length, 0);
}

const PLACES = ["fork", "base", "head"] as const;

function tooLarge(): GitHubFailure {
  const cause = new AnswerTooLarge("they have more characters than are read of an answer");
  const message = `The files of the environments are not read, for their size: ${cause.message}`;
  return new GitHubFailure(message, { kind: "refused", status: 200, cause });
}

/** By environment name. */
export function textsIn(parts: readonly HeadPart[]): CheckedPullRequest["texts"] {
  const texts = new Map<string, EnvironmentTexts>();
  for (const { environments, ...commits } of parts)
    for (const [index, { name, files }] of environments.entries()) {
      const known = texts.get(name);
      const at = (place: Place): Files =>
        new Map([...(known?.[place] ?? []), ...textsOf(commits[place], index, files)]);
      texts.set(name, { fork: at("fork"), base: at("base"), head: at("head") });
    }
  return texts;
}

/** By environment name. */
export function archivesIn(parts: readonly HeadPart[]): CheckedPullRequest["archives"] {
  return new Map(
    parts.flatMap(({ environments, head }) =>
      environments.map(({ name }, index) => [name, archivesOf(head, index)] as const),
    ),
  );
}

/** Git modes of symbolic links and submodules. */
const ELSEWHERE: ReadonlySet<number | undefined> = new Set([0o120000, 0o160000]);

/**
 * Changed paths that are now a symbolic link or submodule. Git stores a link's target in place of content. A changed
 * path that is a folder above a file must have become one too.
 */
export function newLinks(parts: readonly HeadPart[], files: readonly string[]): readonly string[] {
  const changed = new Set(files);
  const links = parts.flatMap((part) => linksIn(part, changed));
  const charts = parts.flatMap(({ environments, head }) =>
    environments.flatMap(({ path }, index) => {
      const full = inRepository(path, "charts");
      return ELSEWHERE.has(head?.[`a${index}`]?.mode) && changed.has(full) ? [full] : [];
    }),
  );
  return [...new Set([...links, ...charts])];
}

function linksIn({ environments, base, head }: HeadPart, changed: ReadonlySet<string>): readonly string[] {
  return environments.flatMap(({ path, files }, index) =>
    files.flatMap((file, at) => {
      const full = inRepository(path, file);
      const [was, is] = [base?.[`e${index}_${at}`], head?.[`e${index}_${at}`]];
      const isNew =
        ELSEWHERE.has(is?.mode) && (was?.mode !== is?.mode || was?.object?.text !== is?.object?.text);
      const folder = foldersAbove(full).find((one) => changed.has(one));
      if (folder !== undefined) return [folder];
      return isNew && changed.has(full) ? [full] : [];
    }),
  );
}

const REGULAR: ReadonlySet<number> = new Set([0o100644, 0o100755]);

function archivesOf(commit: RawHeadCommit | null | undefined, index: number): ReadonlyMap<string, string> {
  const entries = commit?.[`a${index}`]?.object?.entries ?? [];
  return new Map(
    entries.map(({ path, oid, mode }) => [
      path.slice(path.lastIndexOf("/") + 1),
      REGULAR.has(mode) ? oid : "",
    ]),
  );
}

function textsOf(commit: RawHeadCommit | null | undefined, index: number, files: readonly string[]): Files {
  return new Map(
    files.flatMap((file, at) => {
      const { text, isTruncated } = commit?.[`e${index}_${at}`]?.object ?? {};
      return typeof text === "string" && isTruncated !== true ? [[file, text] as const] : [];
    }),
  );
}
