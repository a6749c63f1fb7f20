// What the environment's values hold that is nobody's business: whatever stands below a name such as password, token,
// secret or key.

import type { TextFile } from "../facts.ts";
import { isTree } from "../manifests/tree.ts";
import { readValues } from "../values/defaults.ts";
import { isBesideSecrets, isSecretName } from "./secret-names.ts";

/** Shorter ones are words that stand everywhere. */
export const SHORTEST_SECRET = 6;

const MOST_SECRETS = 5_000;

/** `names`: what resources and their entries are called; a value that names one is a reference, and no secret. */
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

/** Every text and number below a secret's name. */
function* secretValues(node: unknown, isSecret: boolean): Iterable<string> {
  if (Array.isArray(node)) for (const item of node) yield* secretValues(item, isSecret);
  else if (isTree(node)) {
    for (const [name, value] of Object.entries(node)) {
      const below = isKeyOfLabels(name) ? false : (isSecret && !isBesideSecrets(name)) || isSecretOrKey(name);
      yield* secretValues(value, below);
    }
  } else if (isSecret && (typeof node === "string" || typeof node === "number")) yield* pieces(String(node));
}

/** In values a name like `key` or `licenseKey` holds one too; `topologyKey` and the `key` of a toleration do not. */
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

/** A text of several lines comes out indented: each line is one. */
function* pieces(text: string): Iterable<string> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  yield* lines.length === 1
    ? [text.trim()]
    : lines.filter((line) => line.length >= 16 && !line.startsWith("-----"));
}

/** A short plain word, such as the name of a database, stands everywhere; so does the key of a label. */
function isTelling(value: string): boolean {
  if (value.length < SHORTEST_SECRET || /^(?:true|false|null)$/i.test(value)) return false;
  return !/^[a-z]{0,11}$/.test(value) && !/^[a-z0-9.-]+\.[a-z]{2,}\/[\w.-]*$/.test(value);
}
