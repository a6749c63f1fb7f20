// Parses the output of `helm template` as Helm and the Kubernetes API server do.

import { readYaml } from "../../go-yaml/read-yaml.ts";
import { splitDocuments, type YamlPart } from "../../go-yaml/split-documents.ts";
import type { YamlLimits } from "../../go-yaml/yaml-limits.ts";
import { isTree, listAt, textAt, treeAt, type ValueTree } from "./tree.ts";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when the manifest names none and gets the release's. */
  readonly namespace: string;
  readonly name: string;
  readonly content: ValueTree;
  /** The same resource in a second rendering of the same version, if it differs. */
  readonly second?: ValueTree;
}

/** A rendered document that cannot be applied to a cluster, or not be parsed here. */
export interface UnreadableDocument {
  /** The file it comes from, such as `web/templates/job.yaml`; empty when Helm does not say. */
  readonly template: string;
  /** Counted from 1 after Helm's `# Source:` line, or from the document's first line if there is none. */
  readonly line: number;
  /** The reason; go-yaml's message when it is a YAML error. */
  readonly message: string;
}

export interface Manifests {
  readonly resources: readonly Manifest[];
  readonly unreadable: readonly UnreadableDocument[];
}

/** Limits that no real manifest exceeds: a resource must fit into a request of 3 MiB. */
const LIMITS: YamlLimits = {
  length: 16 * 1024 * 1024,
  nodes: 500_000,
  depth: 500,
  textLength: 16 * 1024 * 1024,
};

/** In the order of the text; a List is replaced by its items. */
export function readManifests(rendered: string): Manifests {
  const { parts, fault } = splitDocuments(rendered);
  const resources: Manifest[] = [];
  const unreadable: UnreadableDocument[] = [];
  let template = "";
  for (const part of parts) {
    const source = SOURCE.exec(part.text);
    template = source?.[1] ?? template;
    const linesAbove = (source?.[0].match(/\n/g) ?? []).length;
    const read = readDocument(part);
    resources.push(...read.resources);
    for (const { line, message } of read.faults)
      unreadable.push({ template, line: Math.max(line - linesAbove, 1), message });
  }
  if (fault !== undefined) unreadable.push({ template, line: 1, message: fault.message });
  return { resources, unreadable };
}

/** Helm's comment above each document. */
const SOURCE = /^(?:---[^\n]*\n)?# Source: ([^\n]+)\n/;

interface ReadDocument {
  readonly resources: readonly Manifest[];
  readonly faults: readonly Pick<UnreadableDocument, "line" | "message">[];
}

function readDocument({ text }: YamlPart): ReadDocument {
  const read = readYaml(text, { limits: LIMITS });
  if (!read.ok) return { resources: [], faults: [read.fault] };
  const contents = read.value === null ? [] : itemsOf(read.value);
  const resources = contents.map(resourceOf);
  return {
    resources: resources.filter((resource) => resource !== undefined),
    faults: resources.includes(undefined) ? [{ line: 1, message: "it has no kind" }] : [],
  };
}

function itemsOf(content: unknown): readonly unknown[] {
  const isList = textAt(content, "kind").endsWith("List") && Array.isArray(treeAt(content)["items"]);
  return isList ? listAt(content, "items").flatMap(itemsOf) : [content];
}

function resourceOf(content: unknown): Manifest | undefined {
  const kind = textAt(content, "kind");
  if (!isTree(content) || kind === "") return undefined;
  const metadata = treeAt(content, "metadata");
  const name = textAt(metadata, "name") || `${textAt(metadata, "generateName")}*`;
  const apiVersion = textAt(content, "apiVersion");
  return { apiVersion, kind, namespace: textAt(metadata, "namespace"), name, content };
}
