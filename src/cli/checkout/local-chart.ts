// A local chart: an archive as it is, or a folder packed as by `helm package`.

import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openArchive } from "../../adapters/charts/archive/open-archive.ts";
import { runHelm } from "../../adapters/helm/run-helm.ts";
import type { ChartMetadata } from "../../domain/model/chart/archive.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { helmWords } from "../../domain/pull-request-body/rendering/helm-words.ts";

export interface LocalChart {
  readonly packed: Uint8Array;
  readonly metadata: ChartMetadata;
}

export async function readLocalChart(path: string, helm: string): Promise<Result<LocalChart>> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return fail(unreadable(path, "it is not there"));
  const packed = found.isDirectory() ? await packFolder(resolve(path), helm) : ok(await readFile(path));
  if (!packed.ok) return packed;
  const archive = await openArchive(packed.value);
  return archive.ok ? ok({ packed: packed.value, metadata: archive.value.metadata }) : archive;
}

async function packFolder(folder: string, helm: string): Promise<Result<Uint8Array>> {
  const scratch = await mkdtemp(join(tmpdir(), "chart-promoter-package-"));
  try {
    const [home, target] = [join(scratch, "home"), join(scratch, "packed")];
    await Promise.all([mkdir(home), mkdir(target)]);
    const outcome = await runHelm({
      ...{ helm, args: ["package", folder, "--destination", target], home, cwd: scratch },
      ...{ timeoutMs: 60_000, outputLimit: 1024 * 1024 },
    });
    if (outcome.kind === "failed") return fail(unreadable(folder, helmWords(outcome.stderr)));
    const [file] = await readdir(target);
    if (outcome.kind !== "done" || file === undefined)
      return fail(unreadable(folder, `helm package ended otherwise than well (${outcome.kind})`));
    return ok(await readFile(join(target, file)));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function unreadable(path: string, because: string): Problem {
  return {
    code: "archive-invalid",
    message: `${path} cannot be read as a chart: ${because.replace(/\.$/, "")}.`,
    help: "Name a chart's archive (.tgz), or its folder with its dependencies in charts/ (`helm dependency build`).",
  };
}
