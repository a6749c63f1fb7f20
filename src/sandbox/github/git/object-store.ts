// Git's object database in memory: blobs, trees and commits under the ids that git itself gives them.

import { createHash } from "node:crypto";

export type Mode = "100644" | "100755" | "120000" | "40000" | "160000";

export interface TreeItem {
  readonly mode: Mode;
  readonly name: string;
  readonly oid: string;
}

/** Who did it and when; git keeps whole seconds. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface CommitData {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  /** The armoured signature of a commit that GitHub made itself. */
  readonly signature?: string;
}

export type GitObject =
  | { readonly type: "blob"; readonly content: Buffer }
  | { readonly type: "tree"; readonly items: readonly TreeItem[] }
  | { readonly type: "commit"; readonly data: CommitData };

interface Stored {
  readonly object: GitObject;
  readonly body: Buffer;
}

export class ObjectStore {
  readonly #objects = new Map<string, Stored>();

  get(oid: string): GitObject | undefined {
    return this.#objects.get(oid)?.object;
  }

  blob(oid: string): Buffer | undefined {
    const object = this.get(oid);
    return object?.type === "blob" ? object.content : undefined;
  }

  tree(oid: string): readonly TreeItem[] | undefined {
    const object = this.get(oid);
    return object?.type === "tree" ? object.items : undefined;
  }

  commit(oid: string): CommitData | undefined {
    const object = this.get(oid);
    return object?.type === "commit" ? object.data : undefined;
  }

  /** A commit that must exist; otherwise the caller has a bug. */
  mustCommit(oid: string): CommitData {
    const data = this.commit(oid);
    if (data === undefined) throw new Error(`no commit ${oid} in the object store`);
    return data;
  }

  /** Returns the id. */
  addBlob(content: Uint8Array): string {
    const body = Buffer.from(content);
    return this.#add({ type: "blob", content: body }, body);
  }

  /** Returns the id; the items may be in any order. */
  addTree(items: readonly TreeItem[]): string {
    const sorted = items.toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
    const parts = sorted.flatMap((item) => [
      Buffer.from(`${item.mode} ${item.name}\0`),
      Buffer.from(item.oid, "hex"),
    ]);
    return this.#add({ type: "tree", items: sorted }, Buffer.concat(parts));
  }

  /** Returns the id. */
  addCommit(data: CommitData): string {
    return this.#add({ type: "commit", data }, Buffer.from(commitText(data)));
  }

  /** Every object as git stores it: `<type> <size>\0<body>`. */
  *encoded(): Iterable<{ readonly oid: string; readonly bytes: Buffer }> {
    for (const [oid, { object, body }] of this.#objects) yield { oid, bytes: withHeader(object.type, body) };
  }

  #add(object: GitObject, body: Buffer): string {
    const oid = createHash("sha1").update(withHeader(object.type, body)).digest("hex");
    if (!this.#objects.has(oid)) this.#objects.set(oid, { object, body });
    return oid;
  }
}

function withHeader(type: GitObject["type"], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
}

/** Git orders a folder as though its name ended with a slash. */
function sortKey(item: TreeItem): Buffer {
  return Buffer.from(item.mode === "40000" ? `${item.name}/` : item.name);
}

function commitText(data: CommitData): string {
  const lines = [
    `tree ${data.tree}`,
    ...data.parents.map((parent) => `parent ${parent}`),
    `author ${signatureText(data.author)}`,
    `committer ${signatureText(data.committer)}`,
  ];
  if (data.signature !== undefined) lines.push(`gpgsig ${data.signature.trimEnd().replaceAll("\n", "\n ")}`);
  return `${lines.join("\n")}\n\n${data.message}`;
}

function signatureText({ name, email, date }: Signature): string {
  const clean = (text: string) => text.replaceAll(/[<>\n]/g, "").trim();
  return `${clean(name)} <${clean(email)}> ${Math.floor(date.getTime() / 1000)} +0000`;
}
