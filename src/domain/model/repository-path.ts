// File paths in a repository and relative to an environment's folder: separated by slashes, without a leading one; ""
// is the root.

/** Path in the repository of a path relative to a folder. */
export function inRepository(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

/** Path relative to a folder of a path in the repository inside of it. */
export function belowFolder(folder: string, path: string): string {
  return folder === "" ? path : path.slice(folder.length + 1);
}

/** Whether a path in the repository is inside a folder; the root contains everything. */
export function isBelow(file: string, folder: string): boolean {
  return folder === "" || (file.charAt(folder.length) === "/" && file.startsWith(folder));
}

/** The folders above a path, topmost first, without the root. */
export function foldersAbove(path: string): readonly string[] {
  const names = path.split("/");
  return names.slice(1).map((_name, depth) => names.slice(0, depth + 1).join("/"));
}
