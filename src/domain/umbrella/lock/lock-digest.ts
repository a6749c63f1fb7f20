// The digest of a lock file: the JSON that each Helm version hashes (helm/helm internal/resolver/resolver.go HashReq
// and HashV2Req, and Helm 2's own pkg/resolver before that).

import { createHash } from "node:crypto";
import type { Dependency, DigestForm, LockedDependency } from "../../model/umbrella.ts";
import type { Plain } from "../yaml/go-map.ts";

export interface Hashed {
  /** As Helm reads them; repositories are resolved for `helm3`, and as written for the others. */
  readonly required: readonly Dependency[];
  readonly locked: readonly LockedDependency[];
}

/** The formulas in the order in which they are tried: the first match identifies the writer. */
export const DIGEST_FORMS: readonly DigestForm[] = ["helm3", "helm2", "helm2.5.0", "helm2.3", "helm2.2"];

/** `sha256:` and 64 hex digits. */
export function lockDigest(form: DigestForm, { required, locked }: Hashed): string {
  if (form === "helm3")
    return sha256(`[${list(required.map((item) => requirement(item)))},${list(locked.map(lockEntry))}]`);
  return sha256(
    `{"dependencies":${list(required.map((dependency) => requirement(dependency, ALWAYS[form])))}}`,
  );
}

/** All digests that a formula may give: Go distinguishes a missing list (`null`) from an empty one. */
export function lockDigests(form: DigestForm, hashed: Hashed): readonly string[] {
  if (hashed.required.length > 0 && hashed.locked.length > 0) return [lockDigest(form, hashed)];
  const spell = (items: readonly unknown[], print: () => string) =>
    items.length > 0 ? [print()] : ["[]", "null"];
  const required = spell(hashed.required, () => list(hashed.required.map((item) => requirement(item))));
  if (form !== "helm3") return required.map((text) => sha256(`{"dependencies":${text}}`));
  const locked = spell(hashed.locked, () => list(hashed.locked.map(lockEntry)));
  return required.flatMap((left) => locked.map((right) => sha256(`[${left},${right}]`)));
}

/** Fields that older Helm versions wrote even when empty. */
const ALWAYS: { readonly [form in DigestForm]: readonly string[] } = {
  helm3: [],
  helm2: [],
  "helm2.5.0": ["condition", "tags", "enabled", "import-values", "alias"],
  "helm2.3": ["condition", "tags", "enabled", "import-values"],
  "helm2.2": ["condition", "tags", "enabled"],
};

function requirement(dependency: Dependency, always: readonly string[] = []): string {
  const { name, version, repository, condition, tags, enabled, importValues, alias } = dependency;
  const imports = importValues === undefined ? undefined : list(importValues.map((value) => goJson(value)));
  const field = (key: string, json: string | undefined, empty: string) => {
    const written = json ?? (always.includes(key) ? empty : undefined);
    return written === undefined ? "" : `,"${key}":${written}`;
  };
  const fields = [
    version === "" ? "" : `,"version":${JSON.stringify(version)}`,
    `,"repository":${JSON.stringify(repository)}`,
    field("condition", condition === undefined ? undefined : JSON.stringify(condition), '""'),
    field("tags", tags === undefined ? undefined : JSON.stringify(tags), "null"),
    field("enabled", enabled === true ? "true" : undefined, "false"),
    field("import-values", imports, "null"),
    field("alias", alias === undefined ? undefined : JSON.stringify(alias), '""'),
  ];
  return `{"name":${JSON.stringify(name)}${fields.join("")}}`;
}

function lockEntry({ name, version, repository }: LockedDependency): string {
  return requirement({ name, version, repository });
}

/** Go's encoding/json of decoded JSON: keys in the order of their bytes, numbers as float64. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return list(value.map((item: unknown) => goJson(item)));
  if (isPlainMap(value)) {
    const keys = [...value.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${keys.map((key) => `${JSON.stringify(key)}:${goJson(value.get(key))}`).join(",")}}`;
  }
  return JSON.stringify(typeof value === "bigint" ? Number(value) : value);
}

function isPlainMap(value: unknown): value is ReadonlyMap<string, Plain> {
  return value instanceof Map;
}

function list(items: readonly string[]): string {
  return `[${items.join(",")}]`;
}

/** Go's JSON encoder escapes these characters, which only occur in strings. */
function sha256(json: string): string {
  const escaped = json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `sha256:${createHash("sha256").update(escaped).digest("hex")}`;
}
