// `chart-promoter bump`: one umbrella chart's folder, edited offline and without helm.

import { type Command, InvalidArgumentError } from "commander";
import { createTwoFilesPatch } from "diff";
import { bump } from "../manifest/bump.ts";
import { readUmbrella } from "../manifest/read-umbrella.ts";
import { ok, type Problem, type Result } from "../model/problem.ts";
import type { ArchiveSwap, Bumped, Edit, Umbrella } from "../model/umbrella.ts";
import { type ChartFolder, readFolder, writeFolder } from "./chart-folder.ts";
import { selectEntries } from "./select-entries.ts";
import { parseSet, type SetOption } from "./set-option.ts";

interface Options {
  readonly alias?: string;
  readonly repository?: string;
  readonly set: readonly SetOption[];
  readonly write?: boolean;
  readonly json?: boolean;
  readonly repairLock?: boolean;
}

interface Request extends Options {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

/** What `--json` prints. */
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
    .option("--set <path=value>", "set a value below the chart's own key (repeatable)", collectSet, [])
    .option("--write", "write the files instead of only showing the difference")
    .option("--repair-lock", "put a lock right that was out of step with its manifest")
    .option("--json", "print one JSON document")
    .action(async (...given: [folder: string, name: string, version: string, options: Options]) => {
      const [folder, name, version, options] = given;
      const report = await run({ ...options, folder, name, version });
      if (options.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      else print(report, options.write === true);
      process.exitCode = report.outcome === "refused" ? 1 : 0;
    });
}

function collectSet(text: string, before: readonly SetOption[]): readonly SetOption[] {
  const option = parseSet(text);
  if (option === undefined)
    throw new InvalidArgumentError("Write it as PATH=VALUE, for example image.tag=1.2.3.");
  return [...before, option];
}

const MANIFESTS = ["Chart.yaml", "requirements.yaml", "Chart.lock", "requirements.lock"];
const VALUES = ["values.yaml", "{chart}.yaml", "values/{chart}.yaml"];

async function run(request: Request): Promise<Report> {
  const keys = [request.name, ...(request.alias === undefined ? [] : [request.alias])];
  const first = await readFolder(request.folder, MANIFESTS);
  if (!first.ok) return refused(request, first.problems);
  const repositories = repositoriesOf(request);
  const umbrella = readUmbrella(first.value.files, repositories);
  if (!umbrella.ok) return refused(request, umbrella.problems);
  const selected = selectEntries(umbrella.value, { ...request, repository: urlOf(request), repositories });
  if (!selected.ok) return refused(request, selected.problems);
  const charts = selected.value.map((index) => keyOf(umbrella.value, index));
  const names = [...keys, ...charts].flatMap((key) => VALUES.map((file) => file.replaceAll("{chart}", key)));
  const folder = await readFolder(request.folder, [...MANIFESTS, ...(request.set.length > 0 ? names : [])]);
  if (!folder.ok) return refused(request, folder.problems);
  const bumped = bump(folder.value.files, {
    moves: selected.value.map((index) => ({ index, version: request.version })),
    repositories,
    values: charts.flatMap((chart) => request.set.map(({ path, value }) => ({ chart, path, value }))),
    valuesFiles: VALUES,
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
  return dependency?.alias ?? dependency?.name ?? "";
}

/** `--repository stakater=https://…` */
function repositoriesOf({ repository }: Request): ReadonlyMap<string, string> {
  const [, name, url] = /^([^:/=]+)=(.+)$/.exec(repository ?? "") ?? [];
  return new Map(name === undefined || url === undefined ? [] : [[name, url]]);
}

function urlOf({ repository }: Request): string | undefined {
  return repository?.replace(/^[^:/=]+=/, "");
}

/** An old archive goes, so that Helm asks for the new one instead of silently installing the old. */
function write({ path }: ChartFolder, { edits, archives }: Bumped): Promise<Result<void>> {
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

/** The difference goes to standard output, so that it can be piped into `git apply`; the words go to standard error. */
function print({ outcome, because, files, problems, notes }: Report, isWritten: boolean): void {
  for (const { path, before, after } of files) {
    const from = before === null ? "/dev/null" : `a/${path}`;
    const patch = createTwoFilesPatch(from, `b/${path}`, before ?? "", after ?? "", undefined, undefined);
    process.stdout.write(patch.replace(/^=+\n/, ""));
  }
  const lines =
    outcome === "refused"
      ? problems.map(({ message, help }) => `${message} ${help}`)
      : [
          because,
          ...notes.filter((note) => note !== because),
          ...(isWritten && files.length > 0 ? ["Written."] : []),
        ];
  process.stderr.write(lines.map((line) => `${line}\n`).join(""));
}
