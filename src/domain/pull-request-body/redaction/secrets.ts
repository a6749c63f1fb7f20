// The secrets in the environment's values: everything below a key such as password, token, secret or key.

import type { TextFile } from "../facts.ts";
import { isTree } from "../manifests/tree.ts";
import { readValues } from "../values/defaults.ts";
import { isBesideSecrets, isSecretName } from "./secret-names.ts";

/** Shorter ones are common words. */
export const SHORTEST_SECRET = 6;

const MOST_SECRETS = 5_000;

/** `names`: of resources and their entries; a value that equals one is a reference, not a secret. */
export function secretsIn(files: readonly TextFile[], names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { text } of files) {
    for (const value of secretValues(readValues(text) ?? {}, false)) {
      if (found.size >= MOST_SECRETS) return found;
      if (isTelling(value) && !names.has(value)) found.add(value);
    }
  }
  return found;
}

/** Every text and number below a secret's key. */
function* secretValues(node: unknown, isSecret: boolean): Iterable<string> {
  if (Array.isArray(node)) for (const item of node) yield* secretValues(item, isSecret);
  else if (isTree(node)) {
    for (const [name, value] of Object.entries(node)) {
      const below = isKeyOfLabels(name) ? false : (isSecret && !isBesideSecrets(name)) || isSecretOrKey(name);
      yield* secretValues(value, below);
    }
  } else if (isSecret && (typeof node === "string" || typeof node === "number")) yield* pieces(String(node));
}

/**
 * In values a key such as `key` or `licenseKey` contains one as well; `topologyKey` and the `key` of a toleration do
 * not.
 */
function isSecretOrKey(name: string): boolean {
  return (
    isSecretName(name) ||
    (/(?:^|[a-z_.-])keys?$/i.test(name) && !/^(?:topology|existing)|(?:label|ref)key/i.test(name))
  );
}

function isKeyOfLabels(name: string): boolean {
  return /^(?:tolerations|affinity|topologySpreadConstraints|matchExpressions|nodeSelector|selector)$/i.test(
    name,
  );
}

/** A text with several lines is indented in the output, so each line is a secret. */
function* pieces(text: string): Iterable<string> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  yield* lines.length === 1
    ? [text.trim()]
    : lines.filter((line) => line.length >= 16 && !line.startsWith("-----"));
}

/** Excludes short plain words, such as the name of a database, which occur everywhere, and the keys of labels. */
function isTelling(value: string): boolean {
  if (value.length < SHORTEST_SECRET || /^(?:true|false|null)$/i.test(value)) return false;
  return !/^[a-z]{0,11}$/.test(value) && !/^[a-z0-9.-]+\.[a-z]{2,}\/[\w.-]*$/.test(value);
}
