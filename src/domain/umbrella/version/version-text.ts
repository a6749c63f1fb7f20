// What an entry's `version` becomes when a new version is chosen: a pin follows it, a range that admits it stays, and a
// range that does not is rewritten in its own style.

import { fail, ok, type Result } from "../../model/problem.ts";
import type { Dependency } from "../../model/umbrella.ts";
import { parseConstraint, satisfies } from "../../versions/constraint.ts";
import { isExact } from "../../versions/exact.ts";
import { parseVersion } from "../../versions/version.ts";
import { widen } from "../../versions/widen.ts";

export type NextText =
  /** The range admits the version already. */
  { readonly kind: "admits" } | { readonly kind: "becomes"; readonly text: string };

/**
 * A pin becomes the publisher's own text of the version, with or without its `v`. Trailing blanks of the old text (in
 * Helm, a block scalar's line break) are dropped. `written`: the text in the manifest; a number such as `2021_08_02`,
 * which Helm reads as 20210802, becomes the exact version.
 */
export function nextVersionText(
  dependency: Dependency,
  version: string,
  written = dependency.version,
): Result<NextText> {
  const parsed = parseVersion(version);
  if (parsed === undefined) return fail(notAVersion(version));
  const text = dependency.version.trimEnd();
  const pin = pinOf(text, dependency.repository);
  if (pin !== undefined) return ok({ kind: "becomes", text: pin.prefix + version });
  const constraint = parseConstraint(text);
  if (!constraint.ok) return fail(notARange(dependency));
  if (satisfies(parsed, constraint.value)) return ok({ kind: "admits" });
  if (isOddNumber(written, text)) return ok({ kind: "becomes", text: version });
  const wider = widen(text, version);
  return wider === undefined ? fail(notWidened(dependency, version)) : ok({ kind: "becomes", text: wider });
}

/** Whether Helm reads a number here that is written with more than digits and a dot. */
export function isOddNumber(written: string, read: string): boolean {
  return written.trim() !== read && !/^[\d.\s]*$/.test(written);
}

/** The exact version that an entry names, if it is no range. */
export function pinnedVersion({ version, repository }: Dependency): string | undefined {
  return version === "" ? undefined : pinOf(version, repository)?.version;
}

interface Pin {
  readonly prefix: string;
  readonly version: string;
}

/**
 * `1.2.3`, `=1.2.3`; in an OCI registry also `1.2`, which Helm takes for the tag of that name. An empty text is filled
 * in.
 */
function pinOf(text: string, repository: string): Pin | undefined {
  if (text.trim() === "") return { prefix: "", version: "" };
  const [prefix = ""] = /^\s*(?:=\s*)?/.exec(text) ?? [];
  const version = text.slice(prefix.length).trimEnd();
  if (parseVersion(version) === undefined) return undefined;
  const isTag = repository.startsWith("oci://") && prefix.trim() === "";
  return isTag || isExact(version) ? { prefix, version } : undefined;
}

function notAVersion(version: string) {
  return {
    code: "malformed",
    message: `"${version}" is not a semantic version.`,
    help: "Name the version as the chart repository lists it.",
  } as const;
}

function notWidened({ name, version: range }: Dependency, version: string) {
  return {
    code: "range-invalid",
    message: `${name} asks for ${range}, which does not admit ${version} and cannot be rewritten in its own style so that it does.`,
    help: "Change the range by hand, or choose a version that it admits.",
  } as const;
}

function notARange({ name, version }: Dependency) {
  return {
    code: "range-invalid",
    message: `${name} asks for the version "${version}", which Helm can read neither as a version nor as a range.`,
    help: "Write a version or a range such as ~1.2 there.",
  } as const;
}
