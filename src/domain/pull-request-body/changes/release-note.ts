// The artifacthub.io/changes annotation of a version. (https://artifacthub.io/docs/topics/annotations/helm/)

import { readYaml } from "../../go-yaml/read-yaml.ts";
import type { YamlLimits } from "../../go-yaml/yaml-limits.ts";
import { isTree, listAt, textAt } from "../manifests/tree.ts";

/** In the order of display. */
export const KINDS = ["security", "removed", "deprecated", "changed", "added", "fixed", "other"] as const;

export interface ReleaseNote {
  readonly kind: (typeof KINDS)[number];
  readonly description: string;
  /** URLs as the chart gives them. */
  readonly links: readonly string[];
}

/** Limits that no real list exceeds. */
const LIMITS: YamlLimits = { length: 100_000, nodes: 20_000, depth: 20, textLength: 200_000 };

export type ReleaseNotes =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "read"; readonly notes: readonly ReleaseNote[] };

/** Both forms: a list of sentences, or of objects with a description and perhaps a kind and links. */
export function readReleaseNotes(annotation: string | undefined): ReleaseNotes {
  if (annotation === undefined || annotation.trim() === "") return { kind: "none" };
  const list = loaded(annotation);
  if (!Array.isArray(list)) return { kind: "unreadable" };
  const notes = list.map(noteOf);
  return notes.every((note) => note !== undefined) ? { kind: "read", notes } : { kind: "unreadable" };
}

function loaded(annotation: string): unknown {
  const read = readYaml(annotation, { limits: LIMITS });
  return read.ok ? read.value : undefined;
}

function noteOf(item: unknown): ReleaseNote | undefined {
  if (typeof item === "string") return { kind: "other", description: item, links: [] };
  const description = textAt(item, "description");
  if (!isTree(item) || description === "") return undefined;
  const kind = KINDS.find((known) => known === textAt(item, "kind").toLowerCase()) ?? "other";
  const links = listAt(item, "links").map((entry) => textAt(entry, "url"));
  return { kind, description, links: links.filter((url) => url !== "") };
}
