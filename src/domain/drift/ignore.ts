// What an environment's `ignore` takes out of a report: `KIND/NAME:FIELD`, each a glob.

import { matchesGlob } from "../model/config/glob.ts";
import type { DriftedResource } from "../model/drift.ts";

interface IgnoreRule {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
}

/** A kind has no slash in it and a field no colon, while the name of a role may have one. */
const RULE = /^(?<kind>[^/\s]+)\/(?<name>\S+):(?<field>[^:\s]+)$/;

export function parseIgnoreRule(written: string): IgnoreRule | undefined {
  const { kind, name, field } = RULE.exec(written)?.groups ?? {};
  return kind && name && field ? { kind, name, field } : undefined;
}

/**
 * A field is ignored together with all below it. A resource of which every field is ignored is left out; one that is missing,
 * or tells no fields, only by the field `*`.
 */
export function withoutIgnored<Resource extends DriftedResource>(
  resources: readonly Resource[],
  ignore: readonly string[],
): readonly Resource[] {
  const rules = ignore.flatMap((written) => parseIgnoreRule(written) ?? []);
  return resources.flatMap((resource) => {
    const own = rules.filter(
      ({ kind, name }) => matchesGlob(kind, resource.kind) && matchesGlob(name, resource.name),
    );
    if (own.some(({ field }) => field === "*")) return [];
    if (resource.fields === undefined || resource.fields.length === 0) return [resource];
    const fields = resource.fields.filter((field) => !own.some((rule) => covers(rule.field, field)));
    return fields.length === 0 ? [] : [{ ...resource, fields }];
  });
}

/** `metadata.annotations` covers `metadata.annotations.team` and `metadata.annotations[a.b/c]`, not `metadata.annotationsToo`. */
function covers(glob: string, field: string): boolean {
  return matchesGlob(glob, field) || matchesGlob(`${glob}.*`, field) || matchesGlob(`${glob}[*`, field);
}
