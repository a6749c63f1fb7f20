// From nothing to the first deployment, alone: `npm start`, the set-up page in Chromium, the onboarding pull request, a chart
// published with the served bundle, its pull request, and a deployer that is called; against the offline GitHub and ChartMuseum.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { type Museum, startMuseum } from "../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { itemAt } from "../../src/sandbox/github/git/trees.ts";
import { type GitHub, startGitHub } from "../../src/sandbox/github/github.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../src/sandbox/test-bed.ts";
import { type Hook, startHook } from "../support/hook.ts";
import { isSkipped, onPath, run } from "./program.ts";
import { type StartingServer, startServerIn } from "./starting-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CONFIG = ".github/chart-promoter.yml";
const WAITS_MS = 60_000;

(isSkipped("chromium") ? describe.skip : describe)("the first hour", () => {
  let folder: string;
  let github: GitHub & { readonly url: string; readonly close: () => Promise<void> };
  let museum: Museum;
  let deployer: Hook;
  let browser: Browser;
  let server: StartingServer;

  beforeEach(async () => {
    const executablePath = process.env["CHROMIUM_BIN"] ?? (await onPath("chromium"));
    if (executablePath === undefined)
      throw new Error("chromium is not on PATH: install it, or leave this out with SKIP_REAL=chromium.");
    folder = await mkdtemp(join(tmpdir(), "chart-promoter-hour-"));
    github = await startGitHub({ person: "alice" });
    museum = await startMuseum();
    deployer = await startHook();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const { [CONFIG]: _none, ...files } = configRepository();
    github.createRepository({ name: CONFIG_REPOSITORY, files, people: { alice: "admin" } });
    await museum.upload(packChart({ name: "xposer", version: "1.0.0" }));
  });
  afterEach(async () => {
    await browser?.close();
    await server?.stop();
    await deployer?.close();
    await museum?.close();
    await github?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("ends with the published version deployed", async () => {
    const began = performance.now();
    await run("npm", ["run", "-s", "bundle"], { cwd: ROOT });
    await writeFile(join(folder, "server.yaml"), serverYaml());
    server = startServerIn(folder, {
      ...{ GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http" },
      PATH: await pathWithHelm(folder),
    });
    const page = await browser.newPage();
    const url = await setUp(page);

    github.install({ account: "acme", repositories: "all" });
    await until(() => pulls().includes(`#1 open Add ${CONFIG}`));
    nameDeployer();
    await merge(page, 1);

    const archive = packChart({ name: "xposer", version: "1.0.1" });
    const uploaded = await fetch(`${museum.url}/api/charts`, {
      method: "POST",
      body: new Uint8Array(archive),
    });
    expect(uploaded.status).toBe(201);
    await writeFile(join(folder, "xposer-1.0.1.tgz"), archive);
    await fetchBundle(url);
    expect(await publish(url)).toMatch(/^xposer 1\.0\.1 \(.+\): verified$/m);
    await until(() => pulls().includes("#2 open Promote xposer to 1.0.1 in dev"));
    await merge(page, 2);

    await until(() => deployer.received.length > 0);
    const [call] = deployer.received;
    const deployment = new Webhook(HOOK_SECRET, { format: "raw" }).verify(call?.body ?? "", {
      ...Object(call?.headers),
    });
    expect(deployment).toMatchObject({
      ...{ REPOSITORY: CONFIG_REPOSITORY, ENVIRONMENT: "dev", PATH_IN_REPOSITORY: "dev" },
      ...{ CHARTS: "xposer=1.0.1", REVISION: repository().branch("main") },
    });
    expect(await report(url, Object(deployment).DEPLOYMENT_ID)).toBe(204);
    await until(() => deployments().every(({ states }) => states.at(-1) === "success"));
    expect(deployments()).toEqual([
      { id: Object(deployment).DEPLOYMENT_ID, environment: "dev", states: expect.anything() },
    ]);
    const outcome = await publish(url);
    expect(outcome).toContain(`${CONFIG_REPOSITORY} dev: deployed, `);
    expect(outcome).toContain(`${github.url}/${CONFIG_REPOSITORY}/pull/2`);
    expect(deployer.received).toHaveLength(1);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`From nothing to the first deployment: ${seconds} s.\n`);
  });

  function serverYaml(): string {
    return `chartRepositories:
  stakater: { url: ${MUSEUM_URL}, fetchFrom: ${museum.url}, poll: off }
publishers:
  xposer-pipeline: { secret: ${PUBLISH_SECRET}, repository: stakater, charts: [xposer] }
deployers:
  rollout: { webhook: ${deployer.url}, secret: ${HOOK_SECRET}, repositories: ["acme/*"] }
onboarding: on
`;
  }

  /** From the link in the log to a server that listens; answers its address. */
  async function setUp(page: Page): Promise<string> {
    const link = await server.line(/https?:\/\/\S+\/setup\?token=\S+/);
    await page.goto(link);
    await page.getByLabel("Login of that organisation or person").fill("acme");
    await page.getByLabel("Public address of this server").fill("https://chart-promoter.example.com");
    await page.getByLabel("Webhook address").fill(new URL("/api/github/webhooks", link).href);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Make it on GitHub" }).click();
    await page.getByRole("button", { name: "Create GitHub App for acme" }).click();
    await page.getByRole("heading", { name: "The App chart-promoter is made" }).waitFor();
    await server.line(/chart-promoter listens/);
    return new URL(link).origin;
  }

  /** What the offered file leaves to its owners: the line for the deployer, written as a comment. */
  function nameDeployer(): void {
    const branch = repository().mustPull(1).head.branch;
    const offered = fileOn(branch, CONFIG);
    const filled = offered.replace("# deploy: [config-jenkins]", "deploy: [rollout]");
    expect(filled).not.toBe(offered);
    github.as("alice").push(CONFIG_REPOSITORY, { branch, files: { [CONFIG]: filled } });
  }

  async function merge(page: Page, number: number): Promise<void> {
    await page.goto(`${github.url}/${CONFIG_REPOSITORY}/pull/${number}`);
    await page.getByRole("button", { name: "Merge pull request" }).click();
    await until(() => repository().mustPull(number).merge !== undefined);
  }

  async function fetchBundle(url: string): Promise<void> {
    const code = Buffer.from(await (await fetch(`${url}/cli/chart-promoter.mjs`)).arrayBuffer());
    const checksum = await (await fetch(`${url}/cli/chart-promoter.mjs.sha256`)).text();
    expect(checksum).toMatch(createHash("sha256").update(code).digest("hex"));
    await writeFile(join(folder, "chart-promoter.mjs"), code);
  }

  /** Exit 0, or this rejects with what it said. */
  async function publish(url: string): Promise<string> {
    const args = ["--server", url, "--publisher", "xposer-pipeline", "--archive", "xposer-1.0.1.tgz"];
    const { stdout } = await run(
      process.execPath,
      ["chart-promoter.mjs", "publish", ...args, "--wait", "30s"],
      { cwd: folder, env: { PATH: process.env["PATH"], PUBLISH_SECRET } },
    );
    return stdout;
  }

  const repository = () => github.repository(CONFIG_REPOSITORY);
  const pulls = () =>
    repository()
      .pulls()
      .map(({ number, state, title }) => `#${number} ${state} ${title}`);
  const deployments = () =>
    [...repository().deployments.values()].map(({ id, environment, statuses }) => ({
      ...{ id: String(id), environment },
      states: statuses.map(({ state }) => state),
    }));

  function fileOn(branch: string, path: string): string {
    const { objects } = repository();
    const item = itemAt(objects, objects.mustCommit(repository().branch(branch) ?? "").tree, path);
    return objects.blob(item?.oid ?? "")?.toString() ?? "";
  }
});

const PUBLISH_SECRET = "publisher-secret";
const HOOK_SECRET = "hook-secret";

async function report(url: string, id: string): Promise<number> {
  const answer = await fetch(`${url}/deployments/${id}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`rollout:${HOOK_SECRET}`).toString("base64")}`,
    },
    body: JSON.stringify({ state: "success" }),
  });
  return answer.status;
}

/** As operators have it: a program `helm` on PATH. */
async function pathWithHelm(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await symlink(await helmBinary(), join(bin, "helm"));
  return `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + WAITS_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain");
    await sleep(50);
  }
}
