// The exact versions of the dependencies in a chart's `charts/`; Chart.yaml may only give ranges.

import type { Archive } from "../../model/chart/archive.ts";
import { textAt } from "../manifests/tree.ts";
import { readValues } from "../values/defaults.ts";

/** By the name of the chart; all of its versions when it is there several times. */
export function heldVersions({ files }: Archive): ReadonlyMap<string, readonly string[]> {
  const held = [...files.keys()].flatMap((path) => {
    const folder = /^charts\/[^/]+\/Chart\.yaml$/.test(path);
    const found = folder ? inFolder(files.get(path)) : packed(path);
    return found === undefined ? [] : [found];
  });
  const byName = Map.groupBy(held, ({ name }) => name);
  return new Map([...byName].map(([name, list]) => [name, [...new Set(list.map(({ version }) => version))]]));
}

interface Held {
  readonly name: string;
  readonly version: string;
}

const LONGEST = 1_000_000;

function inFolder(bytes: Uint8Array | undefined): Held | undefined {
  const metadata = readValues(new TextDecoder().decode((bytes ?? new Uint8Array()).subarray(0, LONGEST)));
  const [name, stated] = [textAt(metadata, "name"), metadata?.["version"]];
  // Helm turns a number into text.
  const version = typeof stated === "number" ? String(stated) : stated;
  return name === "" || typeof version !== "string" || version === "" ? undefined : { name, version };
}

/** Helm names a packed chart by name and version, and a version begins with a digit. */
function packed(path: string): Held | undefined {
  if (!path.endsWith(".tgz") || path.lastIndexOf("/") !== "charts".length) return undefined;
  const { name, version } =
    /^charts\/(?<name>[^/]+?)-(?<version>v?\d{1,20}\..*)/s.exec(path.slice(0, -".tgz".length))?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
}
