// `check` and `init`: the config file of a local checkout, read as the server would read it, or written anew.

import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { parseConfig } from "../config/parse.ts";
import type { Problem } from "../model/problem.ts";

export const CONFIG_FILE = ".github/chart-promoter.yml";

export function addCheck(program: Command): void {
  program
    .command("check [dir]")
    .description(`check ${CONFIG_FILE} of a checkout`)
    .option("--deployer <name...>", "deployers that the server has")
    .option("--default-branch <name>", "the repository's default branch", "main")
    .option("--json", "print one JSON document")
    .action(check);
  program
    .command("init [dir]")
    .description(`write ${CONFIG_FILE} for the umbrella charts found in a checkout`)
    .option("--json", "print one JSON document")
    .action(init);
}

interface CheckOptions {
  readonly deployer?: readonly string[];
  readonly defaultBranch: string;
  readonly json?: boolean;
}

async function check(folder = ".", options: CheckOptions): Promise<void> {
  const text = await readFile(join(folder, CONFIG_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return report(options, [absent(folder)], []);
  const parsed = parseConfig(text, {
    defaultBranch: options.defaultBranch,
    deployers: options.deployer ?? deployersNamed(text),
    file: CONFIG_FILE,
  });
  report(
    options,
    parsed.ok ? [] : parsed.problems,
    parsed.ok ? parsed.value.environments.map(({ name }) => name) : [],
  );
}

/** Without `--deployer`, every deployer that the file names is taken to be there. */
function deployersNamed(text: string): readonly string[] {
  return [...text.matchAll(/deploy:\s*\[([^\]]*)\]|^\s+-\s+([\w.-]+)\s*$/gm)].flatMap(([, list, item]) =>
    (list ?? item ?? "").split(",").map((name) => name.trim().replace(/^["']|["']$/g, "")),
  );
}

function report(
  { json }: { readonly json?: boolean },
  problems: readonly Problem[],
  environments: readonly string[],
): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ problems, environments }, null, 2)}\n`);
  else if (problems.length === 0)
    process.stdout.write(`${CONFIG_FILE} is right: ${environments.join(", ")}\n`);
  else
    for (const { message, help, place } of problems)
      process.stdout.write(`${place?.file}:${place?.line ?? 1}: ${message}\n  ${help}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function absent(folder: string): Problem {
  return {
    code: "config-invalid",
    message: `There is no ${CONFIG_FILE} in ${folder}.`,
    help: "Write one with `chart-promoter init`.",
    place: { file: CONFIG_FILE },
  };
}

async function init(folder = ".", { json }: { readonly json?: boolean }): Promise<void> {
  const file = join(folder, CONFIG_FILE);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  const umbrellas = there ? [] : await umbrellasIn(folder);
  if (there || umbrellas.length === 0) {
    const because = there
      ? `${file} is there already`
      : `no umbrella chart (requirements.yaml, or Chart.yaml with dependencies) is in ${folder}`;
    process.stdout.write(json === true ? `${JSON.stringify({ written: false, because })}\n` : `${because}\n`);
    process.exitCode = 1;
    return;
  }
  const lines = umbrellas.map(
    (path) => `  ${path === "" ? "default" : path.replaceAll("/", "-")}:\n    path: ${path || "."}\n`,
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `environments:\n${lines.join("")}`);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ written: true, file, environments: umbrellas })}\n`
      : `wrote ${file}\n`,
  );
}

const SKIPPED = new Set(["charts", "node_modules", "templates", ".git"]);

/** Folders of umbrella charts below a checkout, "" for its root; the charts that one vendors do not count. */
async function umbrellasIn(root: string, folder = root): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  const chart = names.has("Chart.yaml") ? await readFile(join(folder, "Chart.yaml"), "utf8") : "";
  if (names.has("requirements.yaml") || /^dependencies:/m.test(chart)) return [relative(root, folder)];
  const below = entries
    .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
    .map(({ name }) => name)
    .sort();
  const found = await Promise.all(below.map((name) => umbrellasIn(root, join(folder, name))));
  return found.flat();
}
