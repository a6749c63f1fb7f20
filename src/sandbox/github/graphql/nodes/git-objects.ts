// Trees and blobs.

import type { Mode, TreeItem } from "../../git/object-store.ts";
import { itemAt } from "../../git/trees.ts";
import { nodeId } from "../../shapes/node-id.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import type { Graph } from "../graph.ts";

/** Length in bytes at which GitHub truncates a blob's text. */
const TEXT_LIMIT = 512_000;

/** What commits, trees and blobs have in common. */
export class GitObjectNode {
  readonly oid: string;
  protected readonly graph: Graph;
  protected readonly source: Repository;

  constructor(graph: Graph, source: Repository, oid: string) {
    this.graph = graph;
    this.source = source;
    this.oid = oid;
  }

  get abbreviatedOid(): string {
    return this.oid.slice(0, 7);
  }

  get commitUrl(): string {
    return htmlUrl(this.graph.world, this.source, `/commit/${this.oid}`);
  }

  get commitResourcePath(): string {
    return `/${this.source.fullName}/commit/${this.oid}`;
  }

  repository(): object {
    return this.graph.make.repository(this.source);
  }
}

export class TreeNode extends GitObjectNode {
  readonly __typename = "Tree";

  get id(): string {
    return nodeId("Tree", [this.source.id, this.oid]);
  }

  entries(): object[] {
    return entriesOf(this.graph, this.source, { tree: this.oid, folder: "" });
  }
}

export class BlobNode extends GitObjectNode {
  readonly __typename = "Blob";

  get id(): string {
    return nodeId("Blob", [this.source.id, this.oid]);
  }

  get #content(): Buffer {
    return this.source.objects.blob(this.oid) ?? Buffer.alloc(0);
  }

  get byteSize(): number {
    return this.#content.length;
  }

  get isBinary(): boolean {
    return this.#content.subarray(0, 8000).includes(0);
  }

  get isTruncated(): boolean {
    return !this.isBinary && this.byteSize > TEXT_LIMIT;
  }

  get text(): string | null {
    return this.isBinary ? null : this.#content.subarray(0, TEXT_LIMIT).toString();
  }
}

class TreeEntryNode {
  readonly __typename = "TreeEntry";
  readonly name: string;
  readonly path: string;
  readonly oid: string;
  readonly type: "blob" | "tree" | "commit";
  /** Git's mode as a number: 33188 is 100644. */
  readonly mode: number;
  readonly #graph: Graph;
  readonly #repository: Repository;

  constructor(graph: Graph, repository: Repository, { path, item }: { path: string; item: TreeItem }) {
    this.#graph = graph;
    this.#repository = repository;
    this.path = path;
    this.name = item.name;
    this.oid = item.oid;
    this.type = typeOf(item.mode);
    this.mode = Number.parseInt(item.mode, 8);
  }

  get size(): number {
    return this.#repository.objects.blob(this.oid)?.length ?? 0;
  }

  get extension(): string {
    return /\.[^.]*$/.exec(this.name)?.[0] ?? "";
  }

  object(): object | null {
    return this.type === "commit" ? null : this.#graph.make.object(this.#repository, this.oid);
  }

  repository(): object {
    return this.#graph.make.repository(this.#repository);
  }
}

function typeOf(mode: Mode): "blob" | "tree" | "commit" {
  if (mode === "40000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

/** The entry at a path of a tree, or `null`. Entries of a folder found in this way have their full paths as names. */
export function entryAt(
  graph: Graph,
  repository: Repository,
  { tree, path }: { readonly tree: string; readonly path: string },
): object | null {
  const clean = path.replace(/^\/+|\/+$/g, "");
  const item = itemAt(repository.objects, tree, clean);
  if (item === undefined) return null;
  const node = new TreeEntryNode(graph, repository, { path: clean, item });
  if (item.mode !== "40000") return node;
  return Object.assign(node, {
    object: () => new FolderNode(graph, repository, { oid: item.oid, folder: `${clean}/` }),
  });
}

class FolderNode extends TreeNode {
  readonly #folder: string;

  constructor(graph: Graph, repository: Repository, { oid, folder }: { oid: string; folder: string }) {
    super(graph, repository, oid);
    this.#folder = folder === "/" ? "" : folder;
  }

  override entries(): object[] {
    return entriesOf(this.graph, this.source, { tree: this.oid, folder: this.#folder });
  }
}

function entriesOf(
  graph: Graph,
  repository: Repository,
  { tree, folder }: { readonly tree: string; readonly folder: string },
): object[] {
  const items = repository.objects.tree(tree) ?? [];
  return items.map((item) => new TreeEntryNode(graph, repository, { path: `${folder}${item.name}`, item }));
}
