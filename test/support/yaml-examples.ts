// The examples of both configuration files, in the documents and the fixtures: each says in its first line which schema it
// follows, as editors want it.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface YamlExample {
  /** Page or file, and the schema's name. */
  readonly where: string;
  readonly text: string;
  readonly schema: string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FILES = ["fixtures/config-repository/.github/chart-promoter.yml"];
const BLOCK = /^( *)```yaml\n([\s\S]*?)^ *```$/gm;
const COMMENT = /^# yaml-language-server: \$schema=\S*\/([\w-]+\.json)$/m;
/** Keys that only our files have at their top. */
const OURS = /^(environments|chartRepositories|publishers|deployers):/m;

/** Throws for an example without the comment. */
export function yamlExamples(): readonly YamlExample[] {
  const pages = [
    "README.md",
    ...readdirSync(`${ROOT}docs`)
      .filter((file) => file.endsWith(".md"))
      .map((file) => `docs/${file}`),
  ];
  const blocks = pages.flatMap((page) =>
    [...readFileSync(`${ROOT}${page}`, "utf8").matchAll(BLOCK)].map(([, indent = "", text = ""]) => ({
      file: page,
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    })),
  );
  const files = FILES.map((file) => ({ file, text: readFileSync(`${ROOT}${file}`, "utf8") }));
  return [...blocks, ...files].filter(({ text }) => OURS.test(text)).map(toExample);
}

function toExample({ file, text }: { readonly file: string; readonly text: string }): YamlExample {
  const schema = COMMENT.exec(text)?.[1];
  if (schema === undefined) throw new Error(`${file} has an example without the editor's comment:\n${text}`);
  return { where: `${file}:${schema}`, text, schema };
}
