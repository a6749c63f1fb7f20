// The real ChartMuseum: CHARTMUSEUM_BIN, or the newest that Go's module proxy gives, built once into .cache/.

import { access, chmod, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, run } from "../program.ts";

const MODULE = "helm.sh/chartmuseum";
/** Newest first; not every proxy has every one. */
const VERSIONS = ["v0.16.5", "v0.13.1"] as const;
const CACHE = join(import.meta.dirname, "../../../.cache/chartmuseum");

export interface ChartMuseum {
  readonly program: string;
  /** `0.13.1`; empty when it was built without being told. */
  readonly version: string;
}

export async function findChartMuseum(): Promise<ChartMuseum> {
  const given = process.env["CHARTMUSEUM_BIN"];
  const program = given ?? join(CACHE, "chartmuseum");
  if (given === undefined && !(await exists(program))) await build(program);
  const { stdout } = await run(program, ["--version"]);
  return { program, version: /version v?(\S*) /.exec(stdout)?.[1] ?? "" };
}

/** From the module's own sources: `go install` refuses one that replaces modules, and asks for lists a proxy may not have. */
async function build(program: string): Promise<void> {
  const { folder, version } = await download();
  const sources = await mkdtemp(join(tmpdir(), "chartmuseum-sources-"));
  await cp(folder, sources, { recursive: true });
  await makeWritable(sources);
  const flags = `-X main.Version=${version.slice(1)}`;
  const command = [
    "go",
    "build",
    "-C",
    sources,
    "-ldflags",
    flags,
    "-o",
    program,
    "./cmd/chartmuseum",
  ] as const;
  await install("chartmuseum", command, { GOTOOLCHAIN: "auto" });
  await rm(sources, { recursive: true });
}

async function download(): Promise<{ readonly folder: string; readonly version: string }> {
  const failures: string[] = [];
  for (const version of VERSIONS) {
    const answer = await run("go", ["mod", "download", "-json", `${MODULE}@${version}`], {
      cwd: tmpdir(),
    }).catch((error: unknown) => {
      failures.push(String(Object(error).stdout || error));
      return undefined;
    });
    const { Dir: folder = "" }: { Dir?: string } = answer ? JSON.parse(answer.stdout) : {};
    if (folder !== "") return { folder, version };
  }
  throw new Error(
    `The real ChartMuseum cannot be had here: ${failures.join("\n")}\n` +
      "Set CHARTMUSEUM_BIN to one, or leave this part out with SKIP_REAL=chartmuseum.",
  );
}

/** Go keeps its module cache read-only. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
