// `chart-promoter bump`: edits one umbrella chart's folder, offline and without helm.

import type { Command } from "commander";
import { ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { ArchiveSwap, Bumped, Edit, Umbrella, ValueSetting } from "../domain/model/umbrella.ts";
import {
  DEFAULT_VALUES_FILES,
  expandValuesFiles,
  MANIFEST_FILES,
  valuesKey,
} from "../domain/model/umbrella.ts";
import { bump } from "../domain/umbrella/bump.ts";
import { readUmbrella } from "../domain/umbrella/read-umbrella.ts";
import { selectEntries } from "./arguments/select-entries.ts";
import { collectSet, collectSetString } from "./arguments/set-option.ts";
import { type LocalChartFolder, readFolder, writeFolder } from "./checkout/chart-folder.ts";
import { folderBelow, patchOf } from "./patch.ts";
import { printComplaint } from "./print-text.ts";

interface Options {
  readonly alias?: string;
  readonly repository?: string;
  readonly set: readonly ValueSetting[];
  readonly setString: readonly ValueSetting[];
  readonly write?: boolean;
  readonly json?: boolean;
  readonly repairLock?: boolean;
}

interface Request extends Options {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

/** The output of `--json`. */
interface Report {
  readonly outcome: "change" | "unchanged" | "refused";
  readonly because: string;
  readonly files: readonly Edit[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly archives: readonly ArchiveSwap[];
}

export function addBump(program: Command): void {
  program
    .command("bump <dir> <name> <version>")
    .description("move a dependency of the umbrella chart in DIR: its manifest, lock and values, offline")
    .option("--alias <alias>", "only the entry with this alias")
    .option("--repository <url>", "only entries of this repository; NAME=URL also says what @NAME stands for")
    .option(
      "--set <path=value>",
      "set values below the chart's own key, as helm --set reads them (repeatable)",
      collectSet,
      [],
    )
    .option(
      "--set-string <path=value>",
      "the same, where every value is a text (repeatable)",
      collectSetString,
      [],
    )
    .option("--write", "write the files instead of only showing the difference")
    .option("--repair-lock", "put a lock right that was out of step with its manifest")
    .option("--json", "print one JSON document")
    .action(async (...given: [folder: string, name: string, version: string, options: Options]) => {
      const [folder, name, version, options] = given;
      const report = await run({ ...options, folder, name, version });
      if (options.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      else print(report, { folder, isWritten: options.write === true });
      process.exitCode = report.outcome === "refused" ? 1 : 0;
    });
}

async function run(request: Request): Promise<Report> {
  const keys = [request.name, ...(request.alias === undefined ? [] : [request.alias])];
  const first = await readFolder(request.folder, MANIFEST_FILES);
  if (!first.ok) return refused(request, first.problems);
  const repositories = repositoriesOf(request);
  const umbrella = readUmbrella(first.value.files, repositories);
  if (!umbrella.ok) return refused(request, umbrella.problems);
  const selected = selectEntries(umbrella.value, { ...request, repository: urlOf(request), repositories });
  if (!selected.ok) return refused(request, selected.problems);
  /** Helm applies `--set-string` last. */
  const settings = [...request.set, ...request.setString];
  const charts = selected.value.map((index) => keyOf(umbrella.value, index));
  const names = expandValuesFiles(DEFAULT_VALUES_FILES, [...keys, ...charts]);
  const folder = await readFolder(request.folder, [...MANIFEST_FILES, ...(settings.length > 0 ? names : [])]);
  if (!folder.ok) return refused(request, folder.problems);
  const bumped = bump(folder.value.files, {
    moves: selected.value.map((index) => ({ index, version: request.version })),
    repositories,
    values: charts.flatMap((chart) => settings.map((setting) => ({ chart, ...setting }))),
    valuesFiles: DEFAULT_VALUES_FILES,
    vendored: folder.value.vendored,
    umbrellaVersion: "keep",
    staleLock: request.repairLock === true ? "repair" : "refuse",
    at: new Date(),
  });
  if (!bumped.ok) return refused(request, bumped.problems);
  const written = request.write === true ? await write(folder.value, bumped.value) : ok(undefined);
  return written.ok ? reportOf(request, bumped.value) : refused(request, written.problems);
}

function keyOf({ dependencies }: Umbrella, index: number): string {
  const dependency = dependencies[index];
  return dependency ? valuesKey(dependency) : "";
}

/** `--repository stakater=https://…` */
function repositoriesOf({ repository }: Request): ReadonlyMap<string, string> {
  const [, name, url] = /^([^:/=]+)=(.+)$/.exec(repository ?? "") ?? [];
  return new Map(name === undefined || url === undefined ? [] : [[name, url]]);
}

function urlOf({ repository }: Request): string | undefined {
  return repository?.replace(/^[^:/=]+=/, "");
}

/** Removes an old archive, so that Helm asks for the new one instead of silently installing the old. */
function write({ path }: LocalChartFolder, { edits, archives }: Bumped): Promise<Result<void>> {
  return writeFolder(
    path,
    edits,
    archives.flatMap(({ remove }) => remove),
  );
}

function reportOf({ name, version }: Request, { edits, archives, notes }: Bumped): Report {
  const isChange = edits.length > 0 || archives.length > 0;
  const files = edits.map(({ path }) => path);
  return {
    outcome: isChange ? "change" : "unchanged",
    because: isChange
      ? changeSentence({ name, version, files })
      : (notes.at(-1) ?? `${name} is at ${version} already.`),
    files: edits,
    problems: [],
    notes: [...notes, ...archives.map(archiveNote)],
    archives,
  };
}

function changeSentence({
  name,
  version,
  files,
}: {
  name: string;
  version: string;
  files: readonly string[];
}): string {
  return files.length === 0
    ? `${name} moves to ${version}.`
    : `${name} moves to ${version} in ${files.join(" and ")}.`;
}

function archiveNote({ remove, add }: ArchiveSwap): string {
  const old = remove.length === 0 ? "" : `${remove.join(" and ")} must go, or Helm installs the old chart; `;
  return `${old}fetch ${add.path} with \`helm dependency build\`.`;
}

function refused({ name, version }: Request, problems: readonly Problem[]): Report {
  const because = problems[0]?.message ?? `${name} cannot move to ${version}.`;
  return { outcome: "refused", because, files: [], problems, notes: [], archives: [] };
}

interface Printing {
  readonly folder: string;
  readonly isWritten: boolean;
}

/** The diff goes to standard output, so that it can be piped into `git apply`; messages go to standard error. */
function print({ outcome, because, files, problems, notes }: Report, { folder, isWritten }: Printing): void {
  const below = folderBelow(process.cwd(), folder);
  process.stdout.write(files.map((edit) => patchOf(edit, below)).join(""));
  const lines =
    outcome === "refused"
      ? problems.map(({ message, help }) => `${message} ${help}`)
      : [
          because,
          ...notes.filter((note) => note !== because),
          ...(isWritten && files.length > 0 ? ["Written."] : []),
        ];
  printComplaint(lines.map((line) => `${line}\n`).join(""));
}
