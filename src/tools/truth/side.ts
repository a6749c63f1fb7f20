// One version of an environment rendered by real Helm: its resources, and the places that differ between renderings.

import { comparable } from "./chance.ts";
import { readYaml } from "./helm.ts";
import { equal, isTree, list, type Place, type Tree, text, tree } from "./tree.ts";

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** "Deployment web", with the namespace before the name unless it is the release's. */
  readonly title: string;
  readonly name: string;
  /** Empty for the release's namespace. */
  readonly namespace: string;
  readonly content: Tree;
  /** Places that differ between two renderings. */
  readonly anew: readonly Place[];
}

export interface Side {
  readonly resources: readonly Resource[];
  readonly definitions: readonly Resource[];
  /** Hooks that do not run in an upgrade, without tests. */
  readonly idleHooks: readonly Resource[];
  /** Number of documents that are not resources. */
  readonly unreadable: number;
}

interface Document {
  readonly source: string;
  readonly content: Tree;
}

/** `texts`: two renderings of one version, both with `crds/`. */
export async function readSide(texts: readonly [string, string], namespace: string): Promise<Side> {
  const [one, other] = [await documents(texts[0]), await documents(texts[1])];
  const isDefinition = ({ source }: Document) =>
    /(?:^|\/)crds\//.test(source) && !/\/templates\//.test(source);
  const both = (takes: (content: Tree) => boolean): readonly Resource[] => {
    const of = (all: readonly Document[]): readonly Resource[] =>
      resourcesOf(
        all.filter((each) => !isDefinition(each) && takes(each.content)),
        namespace,
      );
    return paired(of(one), of(other));
  };
  return {
    resources: both(runsWithUpgrade),
    idleHooks: both((content) => !runsWithUpgrade(content) && !isTest(content)),
    definitions: resourcesOf(one.filter(isDefinition), namespace),
    unreadable: one.filter(({ content }) => text(content, "kind") === "").length,
  };
}

async function documents(rendered: string): Promise<readonly Document[]> {
  const pieces = sourced(`\n${rendered}`.split(/\n---[ \t]*(?=\n|$)/));
  const full = pieces.filter(({ piece }) => /^\s*[^\s#]/m.test(piece));
  const contents = await readYaml(full.map(({ piece }) => piece));
  return full.flatMap(({ source }, index) =>
    itemsOf(contents[index] ?? {}).map((content) => ({ source, content })),
  );
}

/** Helm writes `# Source:` only above the first document of a file, which may be nothing but comments. */
function sourced(pieces: readonly string[]): readonly { readonly piece: string; readonly source: string }[] {
  let source = "";
  return pieces.map((piece) => {
    source = /^# Source: (.+)$/m.exec(piece)?.[1] ?? source;
    return { piece, source };
  });
}

function itemsOf(content: Tree): readonly Tree[] {
  const isList = text(content, "kind").endsWith("List") && Array.isArray(content["items"]);
  return isList ? list(content, "items").filter(isTree).flatMap(itemsOf) : [content];
}

/** Helm runs a hook only at its events: test, install and delete hooks do not run in an upgrade. */
function runsWithUpgrade(content: Tree): boolean {
  const hooks = text(content, "metadata", "annotations", "helm.sh/hook");
  return hooks === "" || /\b(?:pre|post)-upgrade\b/.test(hooks);
}

function isTest(content: Tree): boolean {
  const hooks = text(content, "metadata", "annotations", "helm.sh/hook").split(",");
  return hooks.every((hook) => /^test(?:-success|-failure)?$/.test(hook.trim()));
}

function resourcesOf(all: readonly Document[], release: string): readonly Resource[] {
  return all.flatMap(({ content }) => {
    const [kind, metadata] = [text(content, "kind"), tree(content, "metadata")];
    if (kind === "") return [];
    const stated = text(metadata, "namespace");
    const namespace = stated === release ? "" : stated;
    const name = text(metadata, "name") || `${text(metadata, "generateName")}*`;
    const { namespace: _same, ...rest } = metadata;
    const plain = legible(stated === release ? { ...content, metadata: rest } : content);
    const title = titleOf(kind, namespace, name);
    return [
      { apiVersion: text(content, "apiVersion"), kind, namespace, name, title, content: plain, anew: [] },
    ];
  });
}

function titleOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

/** Pairs each resource with its twin in the second rendering. Resources with a generated name are paired in order. */
function paired(one: readonly Resource[], other: readonly Resource[]): readonly Resource[] {
  const left = [...other];
  const take = (fits: (candidate: Resource) => boolean): Resource | undefined => {
    const index = left.findIndex(fits);
    return index === -1 ? undefined : left.splice(index, 1)[0];
  };
  const exact = one.map((each) =>
    take((twin) => twin.title === each.title && twin.apiVersion === each.apiVersion),
  );
  return one.map((each, index) => {
    const same = exact[index];
    if (same !== undefined) return settled(each, same);
    const renamed = take((twin) => twin.kind === each.kind && twin.namespace === each.namespace);
    if (renamed === undefined) return each;
    const name = common(each.name, renamed.name);
    return { ...settled(each, renamed), name, title: titleOf(each.kind, each.namespace, name) };
  });
}

function settled(one: Resource, other: Resource): Resource {
  if (equal(one.content, other.content)) return one;
  const { value, places } = comparable(one.content, other.content);
  return { ...one, content: isTree(value) ? value : one.content, anew: places };
}

/** Decodes the data of a Secret where it is text, so that differences inside can be found. */
function legible(content: Tree): Tree {
  if (content["kind"] !== "Secret" || !isTree(content["data"])) return content;
  const data = Object.entries(content["data"]).map(([key, value]) => {
    const plain = Buffer.from(String(value), "base64");
    const decoded = plain.toString("utf8");
    return [key, Buffer.from(decoded).equals(plain) ? decoded : value];
  });
  return { ...content, data: Object.fromEntries(data) };
}

function common(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  const shared = one.slice(0, length);
  return `${shared.slice(0, Math.max(shared.lastIndexOf("-"), shared.lastIndexOf(".")) + 1)}…`;
}
