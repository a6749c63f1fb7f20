// `init`: a first config file for the umbrella charts of a local checkout.

import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { CONFIG_FILE } from "../domain/model/config/config-file.ts";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import { offeredConfig } from "../domain/onboarding/offered-config.ts";
import { systemReason } from "./arguments/read-text.ts";
import { asFolder } from "./checkout/config-file.ts";
import { type FoundUmbrellas, findUmbrellas } from "./checkout/find-umbrellas.ts";
import { LOCAL_REPOSITORY } from "./checkout/named-deployers.ts";
import { printComplaint, printText } from "./print-text.ts";
import { problemText } from "./tell-problems.ts";

interface Options {
  readonly server?: string;
  readonly json?: boolean;
}

export function addInit(program: Command): void {
  program
    .command("init [dir]")
    .description(`write ${CONFIG_FILE} for the umbrella charts found in a checkout`)
    .option("--server <url>", "where chart-promoter listens: editors load the file's schema from there")
    .option("--json", "print one JSON document")
    .action(init);
}

async function init(folder = ".", options: Options): Promise<void> {
  const checkout = await asFolder(folder);
  if (!checkout.ok) return refuse(options, checkout.problems, []);
  const file = join(folder, CONFIG_FILE);
  if (await lstat(file).catch(() => undefined)) return refuse(options, [thereAlready(file)], []);
  const { folders, leftOut } = await findUmbrellas(folder);
  const written = folders.length === 0 ? fail(noUmbrella(folder)) : await write(file, folders, options);
  if (!written.ok) return refuse(options, written.problems, leftOut);
  const environments = [...written.value].map(([path, name]) => ({ name, path: path || "." }));
  if (options.json === true)
    process.stdout.write(`${JSON.stringify({ written: true, file, environments, leftOut })}\n`);
  else printText([`wrote ${file}`, ...leftOut.map(leftOutLine)].map((line) => `${line}\n`).join(""));
}

/** Writes the file if it passes `check`; returns the environments' names by folder. */
async function write(
  file: string,
  folders: readonly string[],
  { server }: Options,
): Promise<Result<ReadonlyMap<string, string>>> {
  const schema = server && `${server.replace(/(?<!\/)\/+$/, "")}/schema/chart-promoter.json`;
  const offered = offeredConfig(folders, {
    context: { defaultBranch: "main", deployers: [], repository: LOCAL_REPOSITORY, file: CONFIG_FILE },
    ...(schema && { schema }),
  });
  if (!offered.ok) return offered;
  const { text, names } = offered.value;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    return ok(names);
  } catch (error) {
    return fail(unwritten(file, error));
  }
}

function thereAlready(file: string): Problem {
  return {
    code: "file-unwritable",
    message: `${file} is there already.`,
    help: "Change it by hand; `chart-promoter check` reads it.",
  };
}

function unwritten(file: string, error: unknown): Problem {
  return {
    code: "file-unwritable",
    message: `${file} cannot be written: ${systemReason(error)}.`,
    help: "Make it possible to write there.",
  };
}

function noUmbrella(folder: string): Problem {
  return {
    code: "manifest-missing",
    message: `No umbrella chart (requirements.yaml, or Chart.yaml with dependencies) is in ${folder}.`,
    help: "Name the checkout of a config repository.",
  };
}

type LeftOut = FoundUmbrellas["leftOut"];

function leftOutLine({ folder, because }: LeftOut[number]): string {
  return `left out ${folder || "."}: ${because}`;
}

function refuse({ json }: Options, problems: readonly Problem[], leftOut: LeftOut): void {
  const because = problems.map(({ message }) => message).join(" ");
  if (json === true)
    process.stdout.write(`${JSON.stringify({ written: false, because, problems, leftOut })}\n`);
  else
    printComplaint([...problems.map(problemText), ...leftOut.map((one) => `${leftOutLine(one)}\n`)].join(""));
  process.exitCode = 1;
}
