// YAML as Helm and the Kubernetes API server's clients read it: strictly after their own reader, so that a text is
// refused if and only if they refuse it, in time that grows with the text. Nothing of another YAML library is used.
// What Helm 4.1.4 reads with (its go.mod; seen in its sources and by its packages, see test/real/go-yaml):
// - All of it is sigs.k8s.io/yaml 1.6.0 over go.yaml.in/yaml/v2 2.4.3: YAML 1.1 (`no` is false, `0400` is 256, `1_000`,
// `0b1`, `.inf`; but no sexagesimals, and dates stay texts), turned into JSON (NaN and infinity refused; keys that are
// numbers or booleans become texts, null as a key is refused). go-yaml 3 reads only what a post-renderer prints.
// - Only the first document is read, and nothing behind it is looked at: `{a: 1} b: [` is a mapping.
// - Values files, of a chart and of `--values` (LoadValues), are parted into documents first: `readValues`. Numbers are
// 64-bit floats there.
// - Chart.yaml, requirements.yaml and both locks: Unmarshal, where the last of two equal keys counts; numbers and
// booleans
// in text fields become texts (goFloat). A repository's index: UnmarshalStrict, where two equal keys are refused.
// - Rendered files are cut at `---` by a regular expression (SplitManifests), and each piece must be readable, or
// nothing
// is rendered. What is applied is parted by `splitDocuments` and read by Unmarshal; integers of 64 bits stay exact.
// - `--set` reads no YAML at all, but its own syntax (pkg/strvals).
// Three oddities of go-yaml 2 that are kept: a plain `?` ends a scalar within brackets, `[]: x` is an empty sequence
// and the rest is not looked at, and a forbidden character counts when it stands within the 512 bytes that are read
// ahead.

import { compose } from "./compose.ts";
import { type Decoding, decode } from "./decode/decode.ts";
import { SourceText } from "./source.ts";
import type { YamlFault } from "./yaml-fault.ts";
import { YAML_LIMITS, type YamlLimits } from "./yaml-limits.ts";
import type { YamlNode } from "./yaml-node.ts";
import type { YamlValue } from "./yaml-value.ts";

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: YamlFault };

/** The value of the first document, null without one. */
export function readYaml(text: string, decoding: Decoding = {}): Reading<YamlValue> {
  const root = readNodes(text, decoding.limits);
  return root.ok ? decode(root.value, decoding) : root;
}

/** The first document's nodes with their places; nothing where the text holds none. */
export function readNodes(text: string, limits: YamlLimits = YAML_LIMITS): Reading<YamlNode | undefined> {
  if (text.length > limits.length) {
    const message = `more than ${limits.length} characters`;
    return { ok: false, fault: { kind: "limit", message, line: 1, column: 1 } };
  }
  const source = new SourceText(text);
  const root = compose(source, limits);
  return source.fault === undefined ? { ok: true, value: root } : { ok: false, fault: source.fault };
}
