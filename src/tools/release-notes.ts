// `npm run release-notes [-- VERSION]`: what CHANGELOG.md says of a version, for the page of its release. Without a version:
// what is not released yet.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The lines below the version's heading, up to the next one; `undefined` where there is none or nothing below it. */
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
