// Applies an environment's `ignore` rules to a report: `KIND/NAME:FIELD`, each a glob.

import { matchesGlob } from "../model/config/glob.ts";
import type { DriftedResource } from "../model/drift.ts";

interface IgnoreRule {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
}

/** A kind contains no slash and a field no colon, while the name of a role may contain one. */
const RULE = /^(?<kind>[^/\s]+)\/(?<name>\S+):(?<field>[^:\s]+)$/;

export function parseIgnoreRule(written: string): IgnoreRule | undefined {
  const { kind, name, field } = RULE.exec(written)?.groups ?? {};
  return kind && name && field ? { kind, name, field } : undefined;
}

/**
 * Ignoring a field ignores everything below it. A resource without remaining fields is left out; a missing resource, or
 * one without fields, is ignored only by the field `*`.
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

/**
 * `metadata.annotations` covers `metadata.annotations.team` and `metadata.annotations[a.b/c]`, not
 * `metadata.annotationsToo`.
 */
function covers(glob: string, field: string): boolean {
  return matchesGlob(glob, field) || matchesGlob(`${glob}.*`, field) || matchesGlob(`${glob}[*`, field);
}
