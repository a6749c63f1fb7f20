// ConfigMaps and Secrets with `immutable: true`, and the type of a Secret (k8s.io/kubernetes
// pkg/apis/core/validation/validation.go ValidateConfigMapUpdate and ValidateSecretUpdate).

import { same, treeAt, type ValueTree } from "../../manifests/tree.ts";
import {
  allOf,
  type ContentPair,
  fixedFields,
  type RefusedChange,
  type RefusedChanges,
} from "./refused-change.ts";

export const configMapChanges: RefusedChanges = (pair) =>
  isSealed(pair) ? [...unsealed(pair), ...["data", "binaryData"].flatMap((field) => texts(field, pair))] : [];

export const secretChanges: RefusedChanges = allOf(fixedFields([["type"], "Opaque"]), (pair) =>
  isSealed(pair) ? [...unsealed(pair), ...secretData(pair)] : [],
);

function isSealed({ before }: ContentPair): boolean {
  return before["immutable"] === true;
}

function unsealed({ after }: ContentPair): readonly RefusedChange[] {
  return after["immutable"] === true ? [] : [{ field: "immutable" }];
}

function texts(field: string, { before, after }: ContentPair): readonly RefusedChange[] {
  return same(treeAt(before, field), treeAt(after, field)) ? [] : [{ field }];
}

/** The API server copies `stringData` into `data`. An entry stays there when the manifest no longer has it. */
function secretData({ before, after }: ContentPair): readonly RefusedChange[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const changed = Object.keys(now).some((key) => old[key] !== now[key]);
  const removed = Object.keys(treeAt(before, "data")).some((key) => !Object.hasOwn(now, key));
  return changed || removed ? [{ field: "data" }] : [];
}

/** Base64, as in `data`. */
function entriesOf(content: ValueTree): ValueTree {
  const written = Object.entries(treeAt(content, "stringData")).map(([key, value]) => [
    key,
    toBase64(String(value)),
  ]);
  return { ...treeAt(content, "data"), ...Object.fromEntries(written) };
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
