// Possible edits of one file that write an entry's version; none of them is proved here.

import { entryInWords } from "../../model/umbrella.ts";
import type { Entry, Layer, SourcedField } from "../chart/entry.ts";
import { plainOrQuoted } from "../yaml/scalar-text.ts";
import { anchorHandedOn, insertPair, type Splice, scalarSplice, surroundingsAt } from "../yaml/splice.ts";
import { type Alias, dereference, type Scalar } from "../yaml/yaml-tree.ts";

export interface VersionCandidate {
  readonly layer: Layer;
  readonly splices: readonly Splice[];
  /** Notes for the reviewer about this edit. */
  readonly notes: readonly string[];
}

/** The simplest first: replacing the version in place, then edits that keep shared content. */
export function* versionCandidates(entry: Entry, text: string): Generator<VersionCandidate> {
  const { version } = entry;
  if (version === undefined) {
    yield { ...ownVersion(entry, text), notes: [] };
    return;
  }
  const scalar = dereference(version.value);
  if (scalar.kind !== "scalar") return;
  yield { layer: version.layer, splices: [scalarSplice(version.layer.tree, scalar, text)], notes: [] };
  if (version.value.kind === "alias") {
    const note = `${entryInWords(entry.dependency)} no longer takes its version from the anchor &${version.value.name}: others follow it.`;
    yield { layer: version.layer, splices: [inPlaceOf(version, text)], notes: [note] };
  }
  if (isInherited(entry)) {
    const note = `${entryInWords(entry.dependency)} now has a version of its own: the one merged into it by << belongs to others too.`;
    yield { ...ownVersion(entry, text), notes: [note] };
  }
  const alias = version.layer.tree.aliases.find(({ target }) => target === scalar);
  if (alias !== undefined) yield anchorMoved(entry, { version, scalar, alias }, text);
}

/** Writes the version out for an entry that has it from elsewhere; `undefined` for one with its own. */
export function ownCandidate(entry: Entry, text: string): VersionCandidate | undefined {
  const { version } = entry;
  if (version === undefined || isInherited(entry)) return { ...ownVersion(entry, text), notes: [] };
  if (version.value.kind !== "alias") return undefined;
  return { layer: version.layer, splices: [inPlaceOf(version, text)], notes: [] };
}

function inPlaceOf({ layer, value: { start, end } }: SourcedField, text: string): Splice {
  return { start, end, text: plainOrQuoted(text, surroundingsAt(layer.tree, start)) };
}

/** Whether the version is merged in from another mapping by `<<`. */
function isInherited({ version }: Entry): boolean {
  return version !== undefined && version.owner !== version.layer.mapping;
}

/** Adds a version pair to the entry itself, after everything that is merged into it. */
function ownVersion(entry: Entry, text: string): Pick<VersionCandidate, "layer" | "splices"> {
  const layer = entry.layers.at(-1) ?? entry.layers[0];
  const { tree, mapping } = layer;
  const isQuoting = tree.text[mapping.pairs[0]?.key.start ?? 0] === '"';
  const splice = insertPair(tree.text, mapping, (place) =>
    isQuoting
      ? `"version": ${JSON.stringify(text)}`
      : `version: ${plainOrQuoted(text, { flow: place.kind === "inline" })}`,
  );
  return { layer, splices: [splice] };
}

interface Anchored {
  readonly version: SourcedField;
  readonly scalar: Scalar;
  /** The first alias of the scalar. */
  readonly alias: Alias;
}

/** Changes the scalar alone: its anchor is moved, with the old text, to its first alias. */
function anchorMoved(entry: Entry, { version, scalar, alias }: Anchored, text: string): VersionCandidate {
  const { tree } = version.layer;
  return {
    layer: version.layer,
    splices: anchorHandedOn(tree, alias, scalarSplice(tree, scalar, text)),
    notes: [
      `The anchor &${alias.name} of ${entryInWords(entry.dependency)}'s version now stands, with the old version, where it is first used.`,
    ],
  };
}
