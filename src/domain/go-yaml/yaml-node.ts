// The nodes of a document, each with its place.

/** Of the anchor or tag in front, where there is one; both counted from 0. */
interface Placed {
  readonly line: number;
  readonly column: number;
}

export interface ScalarNode extends Placed {
  readonly kind: "scalar";
  /** Unquoted and unfolded, not resolved. */
  readonly text: string;
  /** Written out, such as `tag:yaml.org,2002:str`; empty without. */
  readonly tag: string;
  /** Its text says what it is: plain without a tag, or with the tag `!`. */
  readonly implicit: boolean;
}

export interface SequenceNode extends Placed {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
}

export interface MappingNode extends Placed {
  readonly kind: "mapping";
  readonly pairs: readonly YamlPair[];
}

export interface AliasNode extends Placed {
  readonly kind: "alias";
  readonly name: string;
  readonly target: Exclude<YamlNode, AliasNode>;
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

/** The tag of a collection says nothing to go-yaml. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

/** The node itself, or the one an alias stands for. */
export function dereference(node: YamlNode): Exclude<YamlNode, AliasNode> {
  return node.kind === "alias" ? node.target : node;
}

/** `<<`, not quoted: its value is laid over the mapping that holds it. */
export function isMergeKey(key: YamlNode): boolean {
  if (key.kind !== "scalar" || key.text !== "<<") return false;
  return key.implicit || key.tag === "tag:yaml.org,2002:merge";
}
