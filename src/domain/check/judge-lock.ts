// Judges a head's lock: Helm refuses one that is out of sync with its manifest, and installs the versions of the lock.

import type { EnvironmentTexts } from "../model/github/checked-pull-request.ts";
import type { SourceLocation } from "../model/problem.ts";
import type { Files, Lock, Umbrella } from "../model/umbrella.ts";
import { readLocks } from "../umbrella/lock/lock-file.ts";
import { lineAt } from "../umbrella/yaml/yaml-tree.ts";
import { parseConstraint, satisfies } from "../versions/constraint.ts";
import { parseVersion } from "../versions/version.ts";
import type { EnvironmentFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** `umbrella`: the head's. Places are relative to the environment's folder. */
export function judgeLock(
  umbrella: Umbrella,
  { texts, lockBefore }: Pick<EnvironmentFacts, "texts" | "lockBefore">,
): readonly Finding[] {
  const { lock } = umbrella;
  if (!lock) return lockGone(umbrella, lockBefore);
  const drifted = umbrella.dependencies.flatMap((_, index) => disagreement(umbrella, lock, { index, texts }));
  if (lock.form !== undefined)
    return drifted.length > 0
      ? drifted
      : [{ level: "fine", sentence: `${lock.file} is in step with ${umbrella.manifest}.` }];
  const untouched = texts.fork.get(lock.file) === texts.head.get(lock.file) && sameManifests(texts);
  const sentence = `${lock.file} is out of step with ${umbrella.manifest}: \`helm dependency build\` will refuse it. Run \`helm dependency update\` and commit the lock.`;
  return [
    ...drifted,
    {
      level: untouched ? "warning" : "failure",
      sentence: untouched ? `${sentence} It was so before this pull request.` : sentence,
      place: digestPlace(lock, texts.head),
    },
  ];
}

/** A locked version outside the manifest's range, even if the digest matches. */
function disagreement(
  { dependencies, manifest }: Umbrella,
  lock: Lock,
  { index, texts }: { readonly index: number; readonly texts: EnvironmentTexts },
): readonly Finding[] {
  const [dependency, locked] = [dependencies[index], lock.dependencies[index]];
  if (!dependency || !locked || locked.name !== dependency.name || dependency.version === "") return [];
  const [constraint, version] = [parseConstraint(dependency.version), parseVersion(locked.version)];
  if (!constraint.ok || (version && satisfies(version, constraint.value))) return [];
  return [
    {
      level: "failure",
      sentence: `${lock.file} locks ${locked.name} at ${locked.version}, which ${dependency.version} in ${manifest} does not admit.`,
      place: entryPlace(lock, index, texts.head),
    },
  ];
}

function lockGone({ manifest }: Umbrella, gone: string | undefined): readonly Finding[] {
  return gone === undefined
    ? []
    : [
        {
          level: "warning",
          sentence: `${gone} is taken away: nothing holds the versions of ${manifest} any more.`,
        },
      ];
}

function sameManifests({ fork, head }: EnvironmentTexts): boolean {
  return ["Chart.yaml", "requirements.yaml"].every((file) => fork.get(file) === head.get(file));
}

function digestPlace({ file }: Lock, files: Files): SourceLocation {
  const line = (files.get(file) ?? "").split(/\r\n|[\n\r]/).findIndex((text) => /^"?digest"?\s*:/.test(text));
  return { file, ...(line >= 0 && { line: line + 1 }) };
}

function entryPlace({ file }: Lock, index: number, files: Files): SourceLocation {
  const locks = readLocks(files);
  const lock = locks.ok ? locks.value.find((one) => one.file === file) : undefined;
  const item = lock?.items[index];
  return { file, ...(lock && item && { line: lineAt(lock.tree.text, item.mapping.start) }) };
}
