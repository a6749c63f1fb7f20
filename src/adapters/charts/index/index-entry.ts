// Reads one entry of a block-style index.yaml: the few fields that a poll compares are taken from their lines when
// these are unambiguous; everything else is parsed by a real parser.

import { parseVersion } from "../../../domain/versions/version.ts";
import { helmYaml } from "../helm-yaml.ts";
import { type DatedVersion, datedVersion } from "./listed-version.ts";
import { type BlockEntry, isDash } from "./yaml/block-index.ts";

/** The whole entry; `undefined` when it is not valid by itself. */
export function parseEntry({ lines }: BlockEntry): { readonly value: unknown } | undefined {
  return helmYaml(Buffer.from(lines.join("\n"), "latin1").toString("utf8"), "index");
}

/** The fields that a poll compares; `undefined` when a line is ambiguous, or Helm skips the entry. */
export function glance(chart: string, entry: BlockEntry): DatedVersion | undefined {
  const { lines, column } = entry;
  const found: { name?: string; version?: string; digest?: string; created?: string } = {};
  let previous: keyof typeof PLAIN | undefined;
  for (const line of lines) {
    if (isWithinValue(line, column)) {
      if (previous !== undefined && line.trim() !== "") return undefined;
      continue;
    }
    const colon = line.indexOf(":", column);
    if (!isLetter(line.charCodeAt(column)) || !endsKey(line, colon)) return undefined;
    previous = wantedKey(line.slice(column, colon));
    if (previous === undefined) continue;
    const value = PLAIN[previous].exec(line.slice(colon + 1))?.[2];
    if (value === undefined || found[previous] !== undefined) return undefined;
    found[previous] = value;
  }
  if (found.name !== chart || found.version === undefined || !parseVersion(found.version)) return undefined;
  return datedVersion(found.version, found);
}

/** Only text that YAML reads as text without a doubt: a version has two dots, and no number ends in these digits. */
const PLAIN = {
  name: /^ +(["']?)([A-Za-z][\w.-]*)\1 *$/,
  version: /^ +(["']?)(v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?)\1 *$/,
  digest: /^ +(["']?)((?:sha256:)?(?!\d+(?:e\d+)? *$)[0-9a-f]{64})\1 *$/,
  created: /^ +(["']?)(\d{4}-[\dT:.+Z-]+)\1 *$/,
} as const;

function wantedKey(key: string): keyof typeof PLAIN | undefined {
  const name = key.trimEnd();
  return name === "name" || name === "version" || name === "digest" || name === "created" ? name : undefined;
}

/** Blank, indented deeper than the keys, or an item of a list, whose dash may be directly below the key. */
function isWithinValue(line: string, column: number): boolean {
  for (let at = 0; at < column; at += 1) if (line.charCodeAt(at) !== SPACE) return at === line.length;
  return line.charCodeAt(column) === SPACE || line.length === column || isDash(line, column);
}

function endsKey(line: string, colon: number): boolean {
  return colon > 0 && (colon + 1 === line.length || line.charCodeAt(colon + 1) === SPACE);
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

const SPACE = 32;
