// Real Helm: renders an umbrella chart, and parses YAML.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { helmBinary } from "../../sandbox/helm-binary.ts";
import { isTree, type Tree, tree } from "./tree.ts";

export type HelmAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly words: string };

export async function helm(args: readonly string[]): Promise<HelmAnswer> {
  const options = { maxBuffer: 512 * 1024 * 1024, env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent" } };
  try {
    return { ok: true, text: (await promisify(execFile)(await helmBinary(), [...args], options)).stdout };
  } catch (error) {
    const { stderr } = tree(error);
    return { ok: false, words: typeof stderr === "string" ? stderr : String(error) };
  }
}

const READER = [
  '{{- range $path, $bytes := .Files.Glob "documents/*" }}',
  '{{ dict "path" $path "content" (fromYaml (toString $bytes)) | toJson }}',
  "---",
  "{{- end }}",
].join("\n");

/** Parses each text with Helm's `fromYaml`, in order; an unreadable one gives a tree with `Error`. */
export async function readYaml(texts: readonly string[]): Promise<readonly Tree[]> {
  const folder = await mkdtemp(join(tmpdir(), "truth-reader-"));
  try {
    await Promise.all(["documents", "templates"].map((name) => mkdir(join(folder, name))));
    await writeFile(join(folder, "Chart.yaml"), "apiVersion: v2\nname: reader\nversion: 0.1.0\n");
    await writeFile(join(folder, "templates/reader.yaml"), READER);
    await Promise.all(texts.map((text, index) => writeFile(join(folder, `documents/${index}`), text)));
    const read = await helm(["template", "reader", folder]);
    if (!read.ok) throw new Error(`the reader's chart does not render: ${read.words}`);
    return inOrder(read.text, texts.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inOrder(printed: string, count: number): readonly Tree[] {
  const found = new Map<string, unknown>();
  for (const line of printed.split("\n").filter((one) => one.startsWith("{"))) {
    const { path, content } = tree(JSON.parse(line));
    found.set(String(path), content);
  }
  return Array.from({ length: count }, (_, index) => {
    const content = found.get(`documents/${index}`);
    return isTree(content) ? content : {};
  });
}
