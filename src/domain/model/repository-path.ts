// Paths of files in a repository and below an environment's folder: with slashes, never with one in front; "" is the root.

/** A path in the repository from one below a folder. */
export function inRepository(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

/** A path below the folder from one in the repository that lies there. */
export function belowFolder(folder: string, path: string): string {
  return folder === "" ? path : path.slice(folder.length + 1);
}

/** Whether a path of the repository lies in a folder; everything lies in the root. */
export function isBelow(file: string, folder: string): boolean {
  return folder === "" || (file.charAt(folder.length) === "/" && file.startsWith(folder));
}
