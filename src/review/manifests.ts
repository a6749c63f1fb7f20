// What `helm template` prints, read as Kubernetes resources.

import { load } from "js-yaml";
import { isTree, listAt, type Tree, textAt, treeAt } from "./tree.ts";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where the manifest leaves it to the release. */
  readonly namespace: string;
  readonly name: string;
  readonly content: Tree;
}

export interface Manifests {
  readonly resources: readonly Manifest[];
  /** Documents that are no readable YAML or no resource: how many. */
  readonly unreadable: number;
}

/** A chart that repeats a tree by aliases beyond this many nodes is not a manifest but an attack. */
const MOST_NODES = 500_000;

export function readManifests(rendered: string): Manifests {
  const documents = rendered.split(/^---(?=\s|$)/m).filter((document) => /^[^\s#]/m.test(document));
  const read = documents.map(resourcesIn);
  return {
    resources: read.flatMap((resources) => resources ?? []),
    unreadable: read.filter((resources) => resources === undefined).length,
  };
}

function resourcesIn(document: string): readonly Manifest[] | undefined {
  try {
    const content = load(document, { json: true });
    if (content === null) return [];
    return isSmall(content) ? resources(content) : undefined;
  } catch {
    return undefined;
  }
}

function resources(content: unknown): readonly Manifest[] | undefined {
  if (!isTree(content)) return undefined;
  const [apiVersion, kind] = [textAt(content, "apiVersion"), textAt(content, "kind")];
  if (kind.endsWith("List") && Array.isArray(content["items"])) {
    return listAt(content, "items").flatMap((item) => resources(item) ?? []);
  }
  if (kind === "") return undefined;
  const metadata = treeAt(content, "metadata");
  const name = textAt(metadata, "name") || `${textAt(metadata, "generateName")}*`;
  return [{ apiVersion, kind, namespace: textAt(metadata, "namespace"), name, content }];
}

/** Counts as if every alias were written out, and stops as soon as it is too much. */
function isSmall(content: unknown): boolean {
  let left = MOST_NODES;
  const visit = (node: unknown): boolean => {
    left -= 1;
    if (left < 0) return false;
    return typeof node !== "object" || node === null || Object.values(node).every(visit);
  };
  return visit(content);
}
