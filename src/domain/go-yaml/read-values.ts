// A values file as Helm 4 reads it (pkg/chart/v2/loader/load.go, LoadValues and MergeMaps): the mappings of all its
// documents, each laid over those before it. Helm 3 reads only the first one.

import { type Reading, readYaml } from "./read-yaml.ts";
import { splitDocuments } from "./split-documents.ts";
import { yamlFaultOnLine } from "./yaml-fault.ts";
import { type MutableMap, put, type YamlMap, type YamlValue } from "./yaml-value.ts";

export function readValues(text: string): Reading<YamlMap> {
  const { parts, fault } = splitDocuments(text);
  const values: MutableMap = {};
  for (const part of parts) {
    const read = readYaml(part.text);
    if (!read.ok) return { ok: false, fault: { ...read.fault, line: read.fault.line + part.line - 1 } };
    if (read.value === null) continue;
    if (!isMap(read.value))
      return { ok: false, fault: yamlFaultOnLine("json", noMap(read.value), part.line) };
    layOver(values, read.value);
  }
  return fault === undefined ? { ok: true, value: values } : { ok: false, fault };
}

function noMap(value: Exclude<YamlValue, null | YamlMap>): string {
  const kind = typeof value === "boolean" ? "bool" : typeof value === "object" ? "array" : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

/** Maps on both sides are laid over one another; anything else takes the place of what was there. */
function layOver(values: MutableMap, later: YamlMap): void {
  const left: [into: MutableMap, from: YamlMap][] = [[values, later]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [into, from] = next;
    for (const [key, value] of Object.entries(from)) {
      const before = Object.hasOwn(into, key) ? into[key] : undefined;
      if (isMap(before) && isMap(value)) left.push([before, value]);
      else put(into, key, value);
    }
  }
}

function isMap(value: YamlValue | undefined): value is MutableMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
