// A range that does not admit a version, rewritten the way its author would have: same operators, same number of parts.

import { type Comparator, holds, parseConstraint, satisfies } from "./constraint.ts";
import { parseVersion, type Version } from "./version.ts";

/** One comparator as it is written. */
interface Piece {
  readonly comparator: Comparator;
  /** The text before the version: blanks, a comma or a hyphen, the operator. */
  readonly before: string;
  readonly v: string;
  readonly parts: readonly string[];
  /** Without its hyphen. `0` opens a range to pre-releases and says nothing else. */
  readonly prerelease: string;
  /** Without its plus sign. */
  readonly metadata: string;
}

/**
 * `^1.2.0` and 2.1.3 give `^2.1.3`; `~1.2` and 1.3.1 give `~1.3`; `1.x` gives `2.x`. Of bounds only the one in the way
 * moves: `>=1.0.0 <2.0.0` and 2.1.3 give `>=1.0.0 <3.0.0`, `1.2 - 2.3` and 2.4.1 give `1.2 - 2.4`; a version below the
 * lower one takes both along. `^1 || ^2` gains an alternative. For a pre-release the range opens no further than it
 * must: `>=1.0.0 <2.0.0` and 1.5.0-rc.1 give `>=1.5.0-rc.1 <2.0.0`. A range that admits the version stays as it is.
 * The answer always admits the version; `undefined` where the style offers no way (`!=2.0.0`, a text that is no range).
 */
export function widen(range: string, version: string): string | undefined {
  const [constraint, target] = [parseConstraint(range), parseVersion(version)];
  if (!constraint.ok || !target) return undefined;
  if (satisfies(target, constraint.value)) return range;
  const start = range.includes("||") ? range.lastIndexOf("||") + 2 : 0;
  const pieces = piecesOf(range.slice(start), constraint.value.groups.at(-1) ?? []);
  if (!pieces) return undefined;
  const next = opened(toward(target, pieces), target);
  const onlyGrew = next.every((piece, at) => piece === pieces[at] || isRaised(piece, pieces[at]));
  const answer =
    start === 0 || onlyGrew
      ? range.slice(0, start) + written(next) + trailingBlanks(range)
      : withAlternative(range, written(next));
  const proof = parseConstraint(answer);
  return proof.ok && satisfies(target, proof.value) ? answer : undefined;
}

/** `undefined` when the text is not made of these comparators alone. */
function piecesOf(text: string, comparators: readonly Comparator[]): readonly Piece[] | undefined {
  const matches = [
    ...text.matchAll(/([\s,=!<>~^-]*)(v?)([0-9xX*.]+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?/g),
  ];
  if (matches.length !== comparators.length) return undefined;
  return matches.flatMap(([, before = "", v = "", parts = "", prerelease = "", metadata = ""], at) => {
    const comparator = comparators[at];
    return comparator ? [{ comparator, before, v, parts: parts.split("."), prerelease, metadata }] : [];
  });
}

function toward(target: Version, pieces: readonly Piece[]): readonly Piece[] {
  const isBelow = pieces.some((piece) => isLower(piece) && !holds(target, piece.comparator));
  return pieces.map((piece) => {
    if (piece.comparator.operator === "!=") return piece;
    const isInTheWay = !holds(target, piece.comparator) || (isBelow && isUpper(piece));
    return isInTheWay ? moved(piece, target) : piece;
  });
}

/** Helm admits a pre-release only if the range names one. */
function opened(pieces: readonly Piece[], target: Version): readonly Piece[] {
  if (target.prerelease === "" || pieces.some(({ prerelease }) => prerelease !== "")) return pieces;
  const candidates = pieces.filter(({ comparator }) => comparator.operator !== "!=");
  const chosen = candidates.find((piece) => !isUpper(piece)) ?? candidates[0];
  return pieces.map((piece) => {
    if (piece !== chosen) return piece;
    const open = moved(piece, target);
    return { ...open, prerelease: open.prerelease || "0" };
  });
}

/** The comparator with the target's numbers in the parts that it has; a pin becomes the version as published. */
function moved(piece: Piece, target: Version): Piece {
  const { operator, wildcard } = piece.comparator;
  const { prerelease, metadata } = target;
  const isPlain = operator === "" || operator === "=";
  if (isPlain && wildcard === "none") {
    return { ...piece, v: "", parts: [target.original.replace(/[-+].*/, "")], prerelease, metadata };
  }
  const numbers = [target.major, target.minor, target.patch].map(String);
  const before = operator === ">" ? piece.before.replace(">", ">=") : piece.before;
  if (prerelease !== "" && !isPlain && operator !== "<") {
    return { ...piece, before, parts: numbers, prerelease, metadata: "" };
  }
  const sameParts = piece.parts.map((part, at) => (isWild(part) ? part : (numbers[at] ?? part)));
  const parts = operator === "<" ? above(target, piece.parts) : sameParts;
  const staysOpen = piece.prerelease === "0" && (operator === "<" || !isUpper(piece) || wildcard !== "none");
  return { ...piece, before, parts, prerelease: staysOpen ? "0" : "", metadata: "" };
}

/** The next bound above the target that is as round as the old one was. */
function above({ major, minor, patch }: Version, old: readonly string[]): readonly string[] {
  const isRound = (part: string | undefined) => part === undefined || /^(0+|[xX*])$/.test(part);
  const next = () => {
    if (!isRound(old[2])) return [major, minor, patch + 1n];
    return isRound(old[1]) ? [major + 1n, 0n, 0n] : [major, minor + 1n, 0n];
  };
  return next().slice(0, old.length).map(String);
}

function isLower({ comparator: { operator } }: Piece): boolean {
  return operator === ">" || operator === ">=" || operator === "=>";
}

function isUpper({ comparator: { operator } }: Piece): boolean {
  return operator === "<" || operator === "<=" || operator === "=<";
}

function isRaised(upper: Piece, before: Piece | undefined): boolean {
  return isUpper(upper) && upper.prerelease === before?.prerelease;
}

function isWild(part: string): boolean {
  return part === "x" || part === "X" || part === "*";
}

function written(pieces: readonly Piece[]): string {
  return pieces.map(writtenPiece).join("");
}

function writtenPiece({ before, v, parts, prerelease, metadata }: Piece): string {
  return `${before}${v}${parts.join(".")}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`;
}

/** Spaced as the alternatives before it are. */
function withAlternative(range: string, alternative: string): string {
  const blank = /\s\|\|/.test(range) ? " " : "";
  return `${range.trimEnd()}${blank}||${alternative}${trailingBlanks(range)}`;
}

function trailingBlanks(text: string): string {
  return text.slice(text.trimEnd().length);
}
