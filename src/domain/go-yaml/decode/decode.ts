// The value of a node, as go-yaml 2 decodes it into a Go interface (decode.go) and sigs.k8s.io/yaml turns that into
// JSON.

import { faultAt, type YamlFault } from "../yaml-fault.ts";
import { YAML_LIMITS, type YamlLimits } from "../yaml-limits.ts";
import {
  type AliasNode,
  dereference,
  isMergeKey,
  type MappingNode,
  type ScalarNode,
  type SequenceNode,
  type YamlNode,
  type YamlPair,
} from "../yaml-node.ts";
import { jsonScalar, type MutableMap, put, type YamlValue } from "../yaml-value.ts";
import { DecodeBudget, type Excess } from "./decode-budget.ts";
import { type GoScalar, resolveScalar } from "./go-scalar.ts";
import { type Holder, isUnsayable, JsonDoubts } from "./json-doubts.ts";
import { keyText } from "./mapping-key.ts";

export interface Decoding {
  /** A duplicate key of a mapping: Go's Unmarshal takes the last, its UnmarshalStrict refuses it. */
  readonly duplicates?: "last" | "refuse";
  /** Helm's values are 64-bit floats; Kubernetes keeps an integer of 64 bits exact. */
  readonly integers?: "float64" | "exact";
  readonly limits?: YamlLimits;
}

export type Decoded =
  | { readonly ok: true; readonly value: YamlValue }
  | { readonly ok: false; readonly fault: YamlFault };

/**
 * Nothing written is null. Aliases are written out; what they repeat is bounded by go-yaml's own rule and the limits.
 */
export function decode(root: YamlNode | undefined, decoding: Decoding = {}): Decoded {
  return root === undefined ? { ok: true, value: null } : new Decoder(decoding).decode(root);
}

/** What has been begun; the innermost is gone on with first, so that no depth fills the stack. */
type Frame =
  | { readonly kind: "items"; readonly items: readonly YamlNode[]; readonly into: List }
  | { readonly kind: "pairs"; readonly pairs: readonly YamlPair[]; readonly into: Mapping; next: number }
  | { readonly kind: "merges"; readonly sources: YamlNode[]; readonly into: Mapping }
  | { readonly kind: "alias"; readonly alias: AliasNode }
  | { readonly kind: "refused-key"; readonly key: YamlNode };

interface List {
  readonly out: YamlValue[];
  readonly depth: number;
}

/** Filled by its own pairs and by those that are merged. */
interface Mapping {
  readonly out: MutableMap;
  readonly depth: number;
  /** Where they must be unique. */
  readonly keys?: Set<GoScalar>;
}

const WANTS_MAP = "map merge requires map or sequence of maps as the value";

class Decoder {
  #fault: YamlFault | undefined;
  /** The first duplicate key; reported only when there is no other error. */
  #duplicate: YamlFault | undefined;
  readonly #doubts = new JsonDoubts();
  readonly #budget: DecodeBudget;
  readonly #deepest: number;
  readonly #isStrict: boolean;
  readonly #integers: "float64" | "exact";
  readonly #frames: Frame[] = [];
  /** The aliases that are being written out. */
  readonly #active = new Set<AliasNode>();

  constructor({ duplicates = "last", integers = "float64", limits = YAML_LIMITS }: Decoding) {
    this.#integers = integers;
    this.#budget = new DecodeBudget(limits);
    this.#deepest = limits.depth;
    this.#isStrict = duplicates === "refuse";
  }

  decode(root: YamlNode): Decoded {
    const whole: List = { out: [], depth: 0 };
    this.#putItem(root, whole);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (this.#fault !== undefined) break;
      this.#goOn(frame);
    }
    const [value = null] = whole.out;
    const fault = this.#fault ?? this.#duplicate ?? this.#doubts.confirmed(whole.out);
    return fault === undefined ? { ok: true, value } : { ok: false, fault };
  }

  #goOn(frame: Frame): void {
    switch (frame.kind) {
      case "items": {
        const item = frame.items[frame.into.out.length];
        if (item === undefined) this.#frames.pop();
        else this.#putItem(item, frame.into);
        return;
      }
      case "pairs": {
        const pair = frame.pairs[frame.next];
        frame.next += 1;
        if (pair === undefined) this.#frames.pop();
        else this.#putPair(pair, frame.into);
        return;
      }
      case "merges": {
        const source = frame.sources.pop();
        if (source === undefined) this.#frames.pop();
        else this.#mergeOne(source, frame.into);
        return;
      }
      case "alias":
        this.#active.delete(frame.alias);
        this.#frames.pop();
        return;
      case "refused-key":
        this.#fail({ kind: "value", message: "invalid map key" }, frame.key);
    }
  }

  #putItem(item: YamlNode, { out, depth }: List): void {
    const value = this.#begin(item, depth + 1);
    out.push(value);
    if (isUnsayable(value)) this.#doubtNumber(item, { holder: out, key: out.length - 1 }, value);
  }

  #putPair(pair: YamlPair, into: Mapping): void {
    const target = dereference(pair.key);
    if (isMergeKey(pair.key)) this.#merge(pair.value, into);
    else if (target.kind === "scalar") this.#putNamed(target, pair, into);
    else {
      // It is found out only when the key has been decoded.
      this.#frames.push({ kind: "refused-key", key: pair.key });
      this.#begin(pair.key, into.depth + 1);
    }
  }

  #putNamed(key: ScalarNode, pair: YamlPair, into: Mapping): void {
    this.#count(pair.key);
    if (pair.key.kind === "alias") this.#count(key, "aliased");
    const name = this.#resolve(key);
    if (into.keys !== undefined) this.#keepKey(name, pair, into.keys);
    const text = keyText(name);
    const value = this.#begin(pair.value, into.depth + 1);
    if (text === undefined) {
      const message = `unsupported map key of type: ${name === null ? "nil" : "uint64"}`;
      this.#doubts.add(faultAt("json", message, pair.key), { holder: into.out });
      return;
    }
    put(into.out, text, value);
    if (isUnsayable(value)) this.#doubtNumber(pair.value, { holder: into.out, key: text }, value);
  }

  /** 1, 1.0 and "1" are three keys to Go, as they are to a Set; NaN is never the same key. */
  #keepKey(name: GoScalar, { value }: YamlPair, keys: Set<GoScalar>): void {
    if (keys.has(name) && !Number.isNaN(name)) {
      const key = typeof name === "string" ? JSON.stringify(name) : String(name ?? "<nil>");
      this.#duplicate ??= faultAt("value", `key ${key} already set in map`, value);
    }
    keys.add(name);
  }

  #merge(node: YamlNode, into: Mapping): void {
    // The first one of a sequence wins, so it is laid on last.
    if (node.kind === "sequence") this.#frames.push({ kind: "merges", sources: [...node.items], into });
    else this.#mergeOne(node, into);
  }

  #mergeOne(node: YamlNode, into: Mapping): void {
    const target = dereference(node);
    if (target.kind !== "mapping") {
      this.#fail({ kind: "value", message: WANTS_MAP }, node);
      return;
    }
    this.#count(node);
    if (node.kind === "alias") this.#follow(node);
    this.#frames.push({ kind: "pairs", pairs: target.pairs, into, next: 0 });
  }

  /** The value of a scalar, or a collection that is filled later. */
  #begin(node: YamlNode, depth: number): YamlValue {
    this.#count(node);
    const target = dereference(node);
    if (target.kind === "scalar") {
      if (node.kind === "alias") this.#count(target, "aliased");
      return jsonScalar(this.#resolve(target), this.#integers);
    }
    if (node.kind === "alias") this.#follow(node);
    return target.kind === "sequence" ? this.#beginList(target, depth) : this.#beginMapping(target, depth);
  }

  #beginList(node: SequenceNode, depth: number): YamlValue {
    const into: List = { out: [], depth };
    this.#checkDepth(into, node);
    this.#frames.push({ kind: "items", items: node.items, into });
    return into.out;
  }

  #beginMapping(node: MappingNode, depth: number): YamlValue {
    const into: Mapping = { out: {}, depth, ...(this.#isStrict && { keys: new Set() }) };
    this.#checkDepth(into, node);
    this.#frames.push({ kind: "pairs", pairs: node.pairs, into, next: 0 });
    return into.out;
  }

  /** Writes out the alias of a collection: until that is done, everything that is decoded is aliased. */
  #follow(alias: AliasNode): void {
    if (this.#active.has(alias))
      this.#fail({ kind: "value", message: `anchor '${alias.name}' value contains itself` }, alias);
    this.#active.add(alias);
    this.#frames.push({ kind: "alias", alias });
    this.#count(alias.target);
  }

  #count(node: YamlNode, origin: "own" | "aliased" = this.#active.size > 0 ? "aliased" : "own"): void {
    const excess = this.#budget.node(origin);
    if (excess !== undefined) this.#fail(excess, node);
  }

  #resolve(scalar: ScalarNode): GoScalar {
    const excess = this.#budget.text(scalar.text.length);
    if (excess !== undefined) this.#fail(excess, scalar);
    const resolved = resolveScalar(scalar);
    return resolved.ok ? resolved.value : this.#fail({ kind: "value", message: resolved.message }, scalar);
  }

  #checkDepth({ out, depth }: List | Mapping, node: YamlNode): void {
    if (depth <= this.#deepest) return;
    const message = `invalid character '${Array.isArray(out) ? "[" : "{"}' exceeded max depth`;
    this.#doubts.add(faultAt("json", message, node), { holder: out });
  }

  #doubtNumber(node: YamlNode, holder: Holder, value: number): void {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    this.#doubts.add(faultAt("json", `json: unsupported value: ${name}`, node), holder);
  }

  #fail({ kind, message }: Excess, node: YamlNode): null {
    this.#fault ??= faultAt(kind, message, node);
    return null;
  }
}
