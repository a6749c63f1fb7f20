/** Whether a text can be an environment's path: a folder below the repository's root, "" for the root itself. */
export function isEnvironmentPath(path: string): boolean {
  return (
    !path.startsWith("/") &&
    !path.includes("\\") &&
    !path.split("/").some((part) => part === ".." || part === "." || (part === "" && path !== ""))
  );
}
