// A range that does not admit a version, rewritten the way its author would have: same operators, same number of parts.

import { parseConstraint, satisfies } from "./constraint.ts";
import { parseVersion, type Version } from "./version.ts";

const PARTS =
  /^(\s*(?:=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*)(v?)([0-9xX*]+)(?:\.([0-9xX*]+))?(?:\.([0-9xX*]+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?(\s*)$/;
const HYPHEN = /^(.*\S\s+-\s+)(\S+)(\s*)$/s;

/**
 * `^1.2.0` and 2.1.3 give `^2.1.3`; `~1.2` and 1.3.1 give `~1.3`; `1.x` gives `2.x`; `>=1.0.0 <2.0.0` keeps its lower
 * bound and gives `>=1.0.0 <3.0.0`; `1.2 - 2.3` moves its upper end; `^1 || ^2` gains an alternative. The answer admits
 * the version; `undefined` where the style offers no way (`!=2.0.0`, `<=1 >=0`, a text that is no constraint).
 */
export function widen(constraint: string, version: string): string | undefined {
  const target = parseVersion(version);
  if (!target) return undefined;
  const wider = widenAlternatives(constraint, target);
  const parsed = wider === undefined ? undefined : parseConstraint(wider);
  return parsed?.ok && satisfies(target, parsed.value) ? wider : undefined;
}

function widenAlternatives(text: string, target: Version): string | undefined {
  const at = text.lastIndexOf("||");
  if (at < 0) return widenGroup(text, target);
  const last = text.slice(at + 2);
  const wider = widenGroup(last, target);
  return wider === undefined ? undefined : `${text.trimEnd()}${/\s\|\|/.test(text) ? " " : ""}||${wider}`;
}

function widenGroup(text: string, target: Version): string | undefined {
  const hyphen = HYPHEN.exec(text);
  if (hyphen) {
    const upper = restyled(hyphen[2] ?? "", target);
    return upper === undefined ? undefined : `${hyphen[1]}${upper}${hyphen[3]}`;
  }
  const single = restyled(text, target);
  if (single !== undefined) return single;
  const pieces = text.split(/(?<=[0-9A-Za-z*])(\s*,\s*|\s+)(?=[=!<>~^v0-9xX*])/);
  const moved = pieces.map((piece, index) =>
    index % 2 === 0 && /^\s*(<|~|\^)/.test(piece) ? restyled(piece, target) : piece,
  );
  return moved.includes(undefined) || moved.join("") === text ? undefined : moved.join("");
}

/** One comparator with the target's numbers in the parts that it has. */
function restyled(comparator: string, target: Version): string | undefined {
  const match = PARTS.exec(comparator);
  if (!match) return undefined;
  const [, operator = "", v = "", major = "", minor, patch, , , tail = ""] = match;
  const bare = operator.trim();
  if (bare === "!=" || bare === ">" || bare === ">=" || bare === "=>") return undefined;
  if (bare === "<") return `${operator}${v}${above(target, [major, minor, patch])}${tail}`;
  const isPin = (bare === "" || bare === "=") && patch !== undefined && /^\d+$/.test(patch);
  if (isPin || target.prerelease !== "") return `${operator}${target.original}${tail}`;
  const parts = [part(major, target.major), part(minor, target.minor), part(patch, target.patch)];
  return `${operator}${v}${parts.filter((text) => text !== undefined).join(".")}${tail}`;
}

function part(written: string | undefined, number: bigint): string | undefined {
  return written === undefined || /^[xX*]$/.test(written) ? written : String(number);
}

/** The next round bound above the target, as round as the old one was. */
function above(target: Version, [, minor, patch]: readonly (string | undefined)[]): string {
  const { major } = target;
  const isRound = (text: string | undefined) => text === undefined || /^[0xX*]+$/.test(text);
  const bound =
    isRound(minor) && isRound(patch)
      ? [major + 1n, 0n, 0n]
      : isRound(patch)
        ? [major, target.minor + 1n, 0n]
        : [major, target.minor, target.patch + 1n];
  return [bound[0], minor === undefined ? undefined : bound[1], patch === undefined ? undefined : bound[2]]
    .filter((number) => number !== undefined)
    .join(".");
}
