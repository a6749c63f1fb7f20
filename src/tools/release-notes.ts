// `npm run release-notes [-- VERSION]`: prints the section of a version in CHANGELOG.md, for its release page. Without
// a version: the unreleased changes.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The lines between the version's heading and the next one; `undefined` when there is no such heading or nothing below
 * it.
 */
export function releaseNotes(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => headingOf(text).split(/\s/)[0] === version);
  return section?.slice(headingOf(section).length).trim() || undefined;
}

function headingOf(section: string): string {
  return section.split("\n", 1)[0] ?? "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [version = "Unreleased"] = process.argv.slice(2);
  const notes = releaseNotes(await readFile(join(ROOT, "CHANGELOG.md"), "utf8"), version.replace(/^v/, ""));
  if (notes === undefined) {
    process.stderr.write(`CHANGELOG.md says nothing of ${version}: give it a heading "## ${version}".\n`);
    process.exitCode = 1;
  } else process.stdout.write(`${notes}\n`);
}
