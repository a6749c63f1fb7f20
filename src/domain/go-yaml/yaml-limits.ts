// How much of a text is read.

export interface YamlLimits {
  /** UTF-16 code units of the text. */
  readonly length: number;
  /** Nodes of a value, those that aliases repeat counted each time. */
  readonly nodes: number;
  /** Collections within one another. */
  readonly depth: number;
  /** UTF-16 code units of all texts of a value, those that aliases repeat counted each time. */
  readonly textLength: number;
}

/**
 * Larger than anything that Helm takes (a release must fit into a Secret, 1 MiB) but small enough to be read in a
 * second. The depth is where Go's encoding/json stops; go-yaml's own limits (10,000 flow collections, 10,000 block
 * collections, the share of aliases) hold besides.
 */
export const YAML_LIMITS: YamlLimits = {
  length: 32 * 1024 * 1024,
  nodes: 4_000_000,
  depth: 10_000,
  textLength: 64 * 1024 * 1024,
};
