// requirements.lock and Chart.lock as Helm reads them, and which one is effective.

import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import type {
  Dependency,
  DigestForm,
  Files,
  Lock,
  LockedDependency,
  Umbrella,
} from "../../model/umbrella.ts";
import { textOf } from "../chart/helm-metadata.ts";
import { type Field, fieldsOf, structFields } from "../yaml/go-map.ts";
import { readTree } from "../yaml/read-tree.ts";
import { dereference, lineAt, type Mapping, type YamlTree } from "../yaml/yaml-tree.ts";
import { DIGEST_FORMS, lockDigests } from "./lock-digest.ts";

/** In Helm's load order: the later one replaces the earlier one, whatever the apiVersion. */
const LOCK_FILES = ["Chart.lock", "requirements.lock"] as const;

export interface LockFile {
  readonly file: Lock["file"];
  readonly tree: YamlTree;
  readonly root: Mapping;
  readonly items: readonly { readonly mapping: Mapping; readonly locked: LockedDependency }[];
  readonly digest: string;
}

/** All locks of the folder in Helm's load order; an empty one counts as missing. */
export function readLocks(files: Files): Result<readonly LockFile[]> {
  const locks: LockFile[] = [];
  for (const file of LOCK_FILES) {
    const text = files.get(file);
    if (text === undefined) continue;
    const tree = readTree(file, text, "lock-invalid");
    if (!tree.ok) return tree;
    const root = tree.value.root === undefined ? undefined : dereference(tree.value.root);
    if (root === undefined || (root.kind === "scalar" && textOf(root) === "")) continue;
    const lock = root.kind === "mapping" ? readLock(tree.value, root) : fail(invalid(tree.value, root.start));
    if (!lock.ok) return lock;
    locks.push(lock.value);
  }
  return ok(locks);
}

/** The pair of a lock's root or item that Helm uses for this field. */
export function lockField(mapping: Mapping, name: string): Field | undefined {
  return structFields(mapping).get(name);
}

function readLock(tree: YamlTree, root: Mapping): Result<LockFile> {
  const list = lockField(root, "dependencies");
  const sequence = list === undefined ? undefined : dereference(list.value);
  if (sequence !== undefined && sequence.kind !== "sequence" && textOf(sequence) !== "") {
    return fail(invalid(tree, sequence.start));
  }
  const items: { mapping: Mapping; locked: LockedDependency }[] = [];
  for (const item of sequence?.kind === "sequence" ? sequence.items : []) {
    const mapping = dereference(item);
    if (mapping.kind !== "mapping" || !hasOnlyTexts(mapping)) return fail(invalid(tree, item.start));
    const fields = structFields(mapping);
    const text = (name: string) => textOf(fields.get(name)?.value);
    items.push({
      mapping,
      locked: { name: text("name"), version: text("version"), repository: text("repository") },
    });
  }
  const digest = textOf(lockField(root, "digest")?.value);
  return ok({
    file: tree.file === "Chart.lock" ? "Chart.lock" : "requirements.lock",
    tree,
    root,
    items,
    digest,
  });
}

function hasOnlyTexts(mapping: Mapping): boolean {
  const read = ["name", "version", "repository"];
  return [...fieldsOf(mapping).values()].every(
    ({ key, value }) => !read.includes(key.toLowerCase()) || dereference(value).kind === "scalar",
  );
}

function invalid(tree: YamlTree, at: number): Problem {
  const line = lineAt(tree.text, at);
  return {
    code: "lock-invalid",
    message: `${tree.file} is not a lock that Helm can read (line ${line}).`,
    help: "Write it anew with `helm dependency update`.",
    place: { file: tree.file, line },
  };
}

/** How a lock's digest was computed: the formula, and what `@name` and `alias:name` were resolved to. */
export interface DigestMatch {
  readonly form: DigestForm;
  /** One URL or text for each requirement, in order. */
  readonly repositories: readonly string[];
  /** Whether a reference was resolved from the lock's own entry, because nothing else gives its URL. */
  readonly guessed: boolean;
}

export interface Requirements {
  readonly apiVersion: Umbrella["apiVersion"];
  readonly dependencies: readonly Dependency[];
  /** URL by name, for `@name` and `alias:name`. */
  readonly repositories: ReadonlyMap<string, string>;
}

/**
 * The formula that reproduces the lock's digest; `undefined` when none does that Helm accepts: the lock is out of sync.
 * Helm accepts a Helm 2 digest only for an apiVersion v1 chart.
 */
export function matchDigest(lock: LockFile, requirements: Requirements): DigestMatch | undefined {
  const locked = lock.items.map((item) => item.locked);
  const forms = DIGEST_FORMS.filter((form) => form === "helm3" || requirements.apiVersion === "v1");
  for (const form of forms) {
    for (const { repositories, guessed } of resolutions(form, locked, requirements)) {
      const required = withRepositories(requirements.dependencies, repositories);
      if (lockDigests(form, { required, locked }).includes(lock.digest))
        return { form, repositories, guessed };
    }
  }
  return undefined;
}

export function withRepositories(
  dependencies: readonly Dependency[],
  repositories: readonly string[],
): readonly Dependency[] {
  return dependencies.map((dependency, index) => ({
    ...dependency,
    repository: repositories[index] ?? dependency.repository,
  }));
}

/** The name in `@name` or `alias:name`. */
export function repositoryReference(repository: string): string | undefined {
  return /^(?:@|alias:)(.*)$/s.exec(repository)?.[1];
}

interface Resolution {
  readonly repositories: readonly string[];
  readonly guessed: boolean;
}

/** Helm 2 hashes the references as written; later versions the URL from the writer's own repositories.yaml. */
function resolutions(
  form: DigestForm,
  locked: readonly LockedDependency[],
  { dependencies, repositories }: Requirements,
): readonly Resolution[] {
  const written = dependencies.map(({ repository }) => repository);
  if (form !== "helm3" || !written.some((text) => repositoryReference(text) !== undefined)) {
    return [{ repositories: written, guessed: false }];
  }
  const known = written.map((text) => repositories.get(repositoryReference(text) ?? "") ?? text);
  const fromLock = written.map((text, index) =>
    repositoryReference(text) === undefined ? text : (locked[index]?.repository ?? text),
  );
  return [
    { repositories: known, guessed: false },
    { repositories: fromLock, guessed: true },
    { repositories: written, guessed: false },
  ];
}
