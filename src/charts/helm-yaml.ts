// YAML as Helm reads it: YAML 1.1 booleans and numbers, merge keys, but dates stay text.

import {
  boolYaml11Tag,
  CORE_SCHEMA,
  floatYaml11Tag,
  intYaml11Tag,
  load,
  mergeTag,
  nullYaml11Tag,
} from "js-yaml";

const SCHEMA = CORE_SCHEMA.withTags(boolYaml11Tag, intYaml11Tag, floatYaml11Tag, nullYaml11Tag, mergeTag);

/** The value of one YAML (or JSON) document; nothing when it is not well-formed. */
export function helmYaml(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: load(text, { schema: SCHEMA }) };
  } catch {
    return undefined;
  }
}
