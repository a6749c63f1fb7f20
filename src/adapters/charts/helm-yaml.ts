// YAML of charts and chart repositories, as Helm reads it.

import { readYaml } from "../../domain/go-yaml/read-yaml.ts";
import type { YamlLimits } from "../../domain/go-yaml/yaml-limits.ts";

/** Callers limit the length of the text; an index of a hundred thousand versions has two million nodes. */
const LIMITS: YamlLimits = {
  length: 64 * 1024 * 1024,
  nodes: 8_000_000,
  depth: 1_000,
  textLength: 64 * 1024 * 1024,
};

/** With duplicate keys, a chart's metadata takes the last one, and an index is refused. */
export type HelmFile = "metadata" | "index";

/** The value of the first YAML document, or of a JSON text; `undefined` when Helm cannot read it. */
export function helmYaml(text: string, file: HelmFile): { readonly value: unknown } | undefined {
  const read = readYaml(text, { duplicates: file === "index" ? "refuse" : "last", limits: LIMITS });
  return read.ok ? { value: read.value } : undefined;
}
