// Valid names of environments, and the name derived from a folder.

/** Longer names are cut, in characters. */
const LONGEST = 100;

/** Whether the name can be part of a branch name (git check-ref-format). */
export function isEnvironmentName(name: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/.test(name) &&
    name.length <= LONGEST &&
    !name.endsWith(".lock")
  );
}

/** A valid name derived from a text; `environment` when no character can be kept. */
export function environmentNameFrom(text: string): string {
  const unaccented = text.normalize("NFKD").replace(/\p{M}+/gu, "");
  const plain = unaccented.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/\.{2,}/g, ".");
  const trimmed = plain.replace(/^[^A-Za-z0-9]+/, "").slice(0, LONGEST);
  return trimmed.replace(/(?<![.-])[.-]+$/, "").replace(/\.lock$/, "-lock") || "environment";
}

/**
 * A name for each folder, in their order; the root ("") is `default`. Unique regardless of case, as on GitHub: a folder
 * whose own name is unique keeps it, the others are numbered.
 */
export function environmentNames(folders: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const [plain, others] = [
    folders.filter(isEnvironmentName),
    folders.filter((one) => !isEnvironmentName(one)),
  ];
  for (const folder of [...plain, ...others]) {
    const name = firstFree(folder === "" ? "default" : environmentNameFrom(folder), taken);
    taken.add(name.toLowerCase());
    names.set(folder, name);
  }
  return new Map(folders.map((folder) => [folder, names.get(folder) ?? ""]));
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? "" : `-${number}`;
    const numbered = name.slice(0, LONGEST - suffix.length) + suffix;
    if (!taken.has(numbered.toLowerCase())) return numbered;
  }
}
