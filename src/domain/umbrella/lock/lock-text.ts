// A lock file's text as Helm itself writes it: go-yaml 2 with sorted keys, two blanks, lists not indented.

import { resolvePlain } from "../../go-yaml/decode/go-scalar.ts";
import { isTimestamp } from "../../go-yaml/decode/go-timestamp.ts";
import type { LockedDependency } from "../../model/umbrella.ts";
import { plainOrQuoted } from "../yaml/scalar-text.ts";

export interface LockContent {
  readonly dependencies: readonly LockedDependency[];
  readonly digest: string;
  readonly generated: Date;
}

/** The whole text, byte for byte what `helm dependency update` writes for this content. */
export function printLock({ dependencies, digest, generated }: LockContent): string {
  const list = dependencies.map(printEntry).join("");
  return [
    dependencies.length === 0 ? "dependencies: []\n" : `dependencies:\n${list}`,
    `digest: ${goYaml(digest)}\n`,
    `generated: ${goYaml(generatedText(generated))}\n`,
  ].join("");
}

function printEntry({ name, repository, version }: LockedDependency): string {
  const last = version === "" ? "" : `  version: ${goYaml(version)}\n`;
  return `- name: ${goYaml(name)}\n  repository: ${goYaml(repository)}\n${last}`;
}

/** RFC 3339 in UTC, without the zeros at the end of the fraction. */
export function generatedText(at: Date): string {
  return at.toISOString().replace(/\.?0{0,3}Z$/, "Z");
}

/**
 * go-yaml 2's choice of quotes: double where the text would be read as something else, single where it must not be
 * plain.
 */
function goYaml(text: string): string {
  if (resolvePlain(text) !== text || text === "<<" || isTimestamp(text) || isBase60(text))
    return JSON.stringify(text);
  if (plainOrQuoted(text, { flow: false }) === text && !isOddStart(text)) return text;
  return /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
}

function isBase60(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}

/** The emitter keeps these out of plain scalars although they may be read there. */
function isOddStart(text: string): boolean {
  return /^[?:-]$/.test(text);
}
