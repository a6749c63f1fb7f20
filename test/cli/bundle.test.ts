// The single file of the command line: what it weighs, that it stands alone, and how servers hand it to pipelines.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fastify, { type FastifyInstance } from "fastify";
import { parse } from "yaml";
import { bundleRoutes } from "../../src/adapters/http/routes/bundle.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { type Bundle, bundle } from "../../src/tools/bundle/bundle.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));
const SCRIPT = join(DEPLOY, "jenkins/resources/chart-promoter/publish.sh");

let folder: string;
let made: Bundle;
let server: FastifyInstance;
let url: string;
const announced: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bundle-"));
  made = await bundle();
  await writeFile(join(folder, "x.tgz"), packChart({ name: "xposer", version: "1.0.1" }));
  server = fastify();
  await server.register(bundleRoutes(pathToFileURL(`${folder}/`)));
  server.post("/publish", async ({ body, headers }, reply) => {
    announced.push({ ...Object(body), by: headers.authorization });
    return reply.code(202).send({ id: "7", state: "accepted", url: "http://x/publishes/7" });
  });
  url = await server.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const PATH = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = execFile(file, args, { cwd: folder, env: { PATH, ...env } }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

test("it is smaller than 100 kB, asks for nothing but Node, and for nothing that Node 20 lacks", () => {
  const code = Buffer.from(made.code).toString();
  expect(made.code.length).toBeLessThan(100_000);
  const imports = [...code.matchAll(/\bimport[\w{},*$ ]+from"([^"]+)"|\brequire\("([^"]+)"\)/g)].map(
    ([, a, b]) => a ?? b ?? "",
  );
  expect(imports.length).toBeGreaterThan(3);
  expect(imports.filter((name) => !/^node:[a-z/]+$/.test(name))).toEqual([]);
  expect(code).not.toMatch(
    /withResolvers|groupBy|Promise\.try|fromAsync|\.(?:union|difference|intersection|isSubsetOf)\(/,
  );
  expect(code).toContain('"parse"in URL||');
});

test("a server that has none says how to make it", async () => {
  const answer = await fetch(`${url}/cli/chart-promoter.mjs`);
  expect([answer.status, await answer.json()]).toMatchObject([
    404,
    { code: "not-found", help: expect.stringContaining("npm run bundle") },
  ]);
});

test("it is handed out with its checksum, and announces what it is given", async () => {
  await handOut(made);
  const answer = await fetch(`${url}/cli/chart-promoter.mjs`);
  expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  const code = Buffer.from(await answer.arrayBuffer());
  const hex = createHash("sha256").update(code).digest("hex");
  expect(await (await fetch(`${url}/cli/chart-promoter.mjs.sha256`)).text()).toBe(
    `${hex}  chart-promoter.mjs\n`,
  );
  await writeFile(join(folder, "alone.mjs"), code);
  const args = ["alone.mjs", "publish", "--server", url, "--publisher", "p", "--archive", "x.tgz"];
  expect(await run(process.execPath, args, { PUBLISH_SECRET: "s" })).toEqual({
    code: 0,
    out: "7: accepted\n",
    err: "",
  });
});

test("the pipelines' script fetches it, leaves out what is empty, and passes its exit code on", async () => {
  await handOut(made);
  announced.length = 0;
  const env = { PROMOTER_URL: url, PUBLISHER: "p", PUBLISH_SECRET: 'it\'s $(a) "secret"' };
  const words = ["--archive", "x.tgz", "--chart", "", "--revision", "a b; $(touch x)", "--wait", ""];
  expect(await run("sh", [SCRIPT, ...words], env)).toEqual({ code: 0, out: "7: accepted\n", err: "" });
  const by = `Basic ${Buffer.from(`p:${env.PUBLISH_SECRET}`).toString("base64")}`;
  expect(announced).toMatchObject([{ chart: "xposer", source: { revision: "a b; $(touch x)" }, by }]);
  const nothing = await run("sh", [SCRIPT, "--archive", "missing.tgz"], env);
  expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining("missing.tgz")]);
});

test("the script runs nothing whose checksum is another", async () => {
  const env = { PROMOTER_URL: url, PUBLISHER: "p", PUBLISH_SECRET: "s" };
  await handOut({ ...made, code: Buffer.from("console.log('not it')") });
  const swapped = await run("sh", [SCRIPT, "--archive", "x.tgz"], env);
  expect([swapped.code, swapped.out, swapped.err]).toEqual([
    1,
    "",
    expect.stringContaining("nothing is announced"),
  ]);
  await handOut(made);
  const pinned = { ...env, PROMOTER_SHA256: "0".repeat(64) };
  expect(await run("sh", [SCRIPT, "--archive", "x.tgz"], pinned)).toMatchObject({ code: 1, out: "" });
  const [hex = ""] = made.checksum.split(" ");
  expect(await run("sh", [SCRIPT, "--archive", "x.tgz"], { ...env, PROMOTER_SHA256: hex })).toMatchObject({
    code: 0,
  });
});

test("the GitHub Action hands every input to the script, as it stands", async () => {
  const action = parse(await readFile(join(DEPLOY, "github-action/action.yml"), "utf8"));
  const [step] = action.runs.steps;
  const used = Object.values<string>(step.env).map(
    (value) => /^\$\{\{ inputs\.([a-z0-9]+) \}\}$/.exec(value)?.[1],
  );
  expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
  expect(step.run).not.toContain("${{");
  const env = {
    PROMOTER_URL: url,
    PROMOTER_SHA256: "",
    PUBLISHER: "p",
    PUBLISH_SECRET: "s",
    ARCHIVE: "x.tgz",
  };
  const github = { GITHUB_ACTION_PATH: join(DEPLOY, "github-action"), GITHUB_REPOSITORY: "acme/xposer" };
  const rest = { GITHUB_SHA: "4f2e", GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "9" };
  announced.length = 0;
  const ended = await run("sh", ["-e", "-c", step.run], { ...env, ...github, ...rest });
  expect(ended).toEqual({ code: 0, out: "7: accepted\n", err: "" });
  const build = "https://github.com/acme/xposer/actions/runs/9";
  expect(announced).toMatchObject([{ source: { repository: "acme/xposer", revision: "4f2e", build } }]);
});

async function handOut({ code, checksum }: Bundle): Promise<void> {
  await writeFile(join(folder, "chart-promoter.mjs"), code);
  await writeFile(join(folder, "chart-promoter.mjs.sha256"), checksum);
}
