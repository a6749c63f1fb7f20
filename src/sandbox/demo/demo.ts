// `npm run demo`: from a published chart to its deployment, and the healing of drift, offline, with real Helm charts
// and the real server. Exits non-zero on any deviation. `--keep` leaves everything running and prints the URLs. `--bot
// PROGRAM ARGUMENT…`, last, runs another server than the sources, such as an installed package.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTwoFilesPatch } from "diff";
import { startMuseum } from "../chartmuseum/museum.ts";
import { changesBetween } from "../github/git/trees.ts";
import { writeFiles } from "../github/git/write-out.ts";
import { startGitHub } from "../github/github.ts";
import { filesIn } from "../github/people/files.ts";
import type { PullRequest } from "../github/world/records.ts";
import { helmBinary } from "../helm-binary.ts";
import { startJenkins } from "../jenkins/jenkins.ts";
import { startBot } from "./bot.ts";
import { StandInCluster } from "./cluster.ts";
import { DEPLOYER, type DemoDeployer } from "./deployer.ts";
import { healDrift } from "./drift.ts";
import { helmIn } from "./helm.ts";
import * as screen from "./screen.ts";
import { scriptDeployer } from "./script-deployer.ts";
import { standInDeployer } from "./stand-in-deployer.ts";

const FIXTURES = fileURLToPath(new URL("../../../fixtures/", import.meta.url));
const CHART = join(FIXTURES, "xposer/deployments/kubernetes/chart/xposer");
const REPOSITORY = "acme/config";
const FROM = "1.0.0";
const TO = "1.0.1";
const REVISION = createHash("sha1").update("the commit that was built").digest("hex");

const PUBLISHER = `Basic ${Buffer.from("xposer-pipeline:demo-publisher-secret").toString("base64")}`;

const keep = process.argv.includes("--keep");
const another = process.argv.includes("--bot")
  ? process.argv.slice(process.argv.indexOf("--bot") + 1)
  : undefined;
const work = await mkdtemp(join(tmpdir(), "chart-promoter-demo-"));
const helm = await helmIn(join(work, "helm"));
const github = await startGitHub();
const museum = await startMuseum();
const jenkins = await startJenkins({
  users: [{ name: "chart-promoter", token: "jenkins-token" }],
  jobs: [
    { name: "deploy", parameters: parameters(), run: (build, signal) => deployer.deploy(build, signal) },
  ],
});
let deployer: DemoDeployer = standInDeployer(new StandInCluster(), render);
/** URL of the server, once it runs. */
let address = "";
let stopBot: () => Promise<void> = async () => undefined;

try {
  await story();
  screen.heading(`Done in ${screen.seconds()} s: merging was the only trigger of a new deployment.`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  if (!keep) await cleanUp();
}

async function story(): Promise<void> {
  screen.heading("The code side: two versions of the chart xposer");
  const [old, fresh] = await screen.step(`helm package ${FROM} and ${TO}`, () =>
    Promise.all([pack(FROM), pack(TO)]),
  );
  await screen.step(`upload ${FROM} to ChartMuseum`, () => upload(old));

  screen.heading("The config side: a repository with one umbrella chart per environment");
  await screen.step(
    `create ${REPOSITORY}; its lock comes from helm dependency update`,
    createConfigRepository,
  );
  const { KUBECONFIG: kubeconfig = "" } = process.env;
  if (kubeconfig !== "")
    deployer = await screen.step(`deploy to the cluster of ${kubeconfig}`, () => onto(kubeconfig));
  const bot = await screen.step("start the bot, with its embedded database", startServer);
  stopBot = bot.stop;
  address = bot.url;
  screen.found(`it listens on ${bot.url}`);

  screen.heading(`The pipeline publishes xposer ${TO}`);
  await screen.step("upload it and call POST /publish", async () => {
    await upload(fresh);
    const id = await announce(bot.url, fresh);
    await expectState(bot.url, id, "proposed");
  });
  const pull = onlyPull();
  screen.found(`the bot opened pull request #${pull.number}`);
  show(pull);

  screen.heading("A reviewer approves and merges");
  const reviewer = github.as("alice");
  reviewer.approve(REPOSITORY, pull.number);
  const sha = reviewer.merge(REPOSITORY, pull.number);
  screen.found(`merged as ${sha}`);
  await screen.step("wait for the deployment of that very commit", () => expectDeployment(sha));

  screen.heading("Does what was merged deploy the new version?");
  const rendered = await screen.step("helm dependency build and helm template on the merged files", () =>
    render(sha),
  );
  expectIn(rendered, `helm.sh/chart: xposer-${TO}`);
  screen.found(`it renders xposer-${TO}`);

  await healDrift({
    ...{ bot: bot.url, deployer, sha, repository: () => github.repository(REPOSITORY) },
  });
}

/** With the fixture's pipelines; the server itself does not know the cluster. */
async function onto(kubeconfig: string): Promise<DemoDeployer> {
  const home = join(work, "jenkins");
  await mkdir(home, { recursive: true });
  return scriptDeployer({
    ...{ work: home, kubeconfig, repositoryName: REPOSITORY, promoter: () => address },
    repository: () => github.repository(REPOSITORY),
    environment: { PATH: await pathWithHelm(), HELM_CACHE_HOME: join(home, "helm") },
  });
}

async function pack(version: string): Promise<Uint8Array> {
  const out = join(work, "packed");
  await mkdir(out, { recursive: true });
  await helm(["package", CHART, "--version", version, "--app-version", version, "--destination", out]);
  return readFile(join(out, `xposer-${version}.tgz`));
}

async function upload(archive: Uint8Array): Promise<void> {
  const answer = await fetch(`${museum.url}/api/charts`, { method: "POST", body: new Uint8Array(archive) });
  if (answer.status !== 201) throw new Error(`ChartMuseum answered ${answer.status}: ${await answer.text()}`);
}

/** The fixture, with the URL of the offline ChartMuseum and a lock made by Helm. */
async function createConfigRepository(): Promise<void> {
  const folder = join(work, "config");
  for (const [path, file] of Object.entries(filesIn(join(FIXTURES, "config-repository")))) {
    const { contents, mode } = plain(file);
    const text = Buffer.from(contents).toString().replaceAll("https://chartmuseum.example.com", museum.url);
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text, { mode: mode === "100755" ? 0o755 : 0o644 });
  }
  await helm(["repo", "add", "stakater", museum.url]);
  for (const environment of ["dev", "prod"]) {
    const umbrella = join(folder, environment);
    await rm(join(umbrella, "requirements.lock"), { force: true });
    await helm(["dependency", "update", umbrella]);
    await rm(join(umbrella, "charts"), { recursive: true, force: true });
  }
  github.createRepository({ name: REPOSITORY, files: filesIn(folder), people: { alice: "write" } });
  github.install({ account: "acme", repositories: "all" });
}

function plain(file: ReturnType<typeof filesIn>[string] | undefined): {
  readonly contents: string | Uint8Array;
  readonly mode?: string;
} {
  if (file === null || file === undefined) return { contents: "" };
  return typeof file === "string" || file instanceof Uint8Array ? { contents: file } : file;
}

async function startServer() {
  const config = join(work, "server.yaml");
  await writeFile(config, serverYaml(museum.url, jenkins.jobUrl("deploy")));
  const env = {
    PORT: "0",
    HOST: "127.0.0.1",
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET: "demo-webhook-secret",
    GHE_HOST: new URL(github.url).host,
    GHE_PROTOCOL: "http",
    SERVER_CONFIG: config,
    DATA_DIR: join(work, "data"),
    PATH: await pathWithHelm(),
  };
  const bot = await startBot(env, another);
  await untilReady(bot.url);
  github.webhooks.sendTo({ url: `${bot.url}/api/github/webhooks`, secret: "demo-webhook-secret" });
  return bot;
}

/** The server finds helm as in production: as `helm` on PATH. */
async function pathWithHelm(): Promise<string> {
  const bin = join(work, "bin");
  await mkdir(bin, { recursive: true });
  await rm(join(bin, "helm"), { force: true });
  await symlink(await helmBinary(), join(bin, "helm"));
  return `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
}

/** Ready once it has found its config repositories. */
async function untilReady(bot: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { status } = await fetch(`${bot}/readyz`);
    if (status === 200) return;
    await sleep(50);
  }
  throw new Error("the server does not become ready");
}

function serverYaml(museumUrl: string, job: string): string {
  return `chartRepositories:
  stakater: { url: "${museumUrl}" }
publishers:
  xposer-pipeline: { secret: demo-publisher-secret, repository: stakater, charts: [xposer] }
deployers:
  ${DEPLOYER.name}:
    jenkins: ${job}
    username: chart-promoter
    token: jenkins-token
    secret: ${DEPLOYER.secret}
    repositories: ["*/*"]
metrics: public
`;
}

function parameters(): Readonly<Record<string, string>> {
  const names = ["REPOSITORY", "ENVIRONMENT", "PATH_IN_REPOSITORY", "REVISION", "DEPLOYMENT_ID", "CHARTS"];
  return Object.fromEntries(names.map((name) => [name, ""]));
}

async function announce(bot: string, archive: Uint8Array): Promise<string> {
  const digest = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
  const source = {
    repository: "acme/xposer",
    revision: REVISION,
    build: "https://jenkins-code.example.com/job/xposer/7/",
  };
  const answer = await fetch(`${bot}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: PUBLISHER },
    body: JSON.stringify({ chart: "xposer", version: TO, digest, source }),
  });
  const receipt: { id?: string } = JSON.parse(await answer.text());
  if (answer.status !== 202 || receipt.id === undefined)
    throw new Error(`POST /publish answered ${answer.status}: ${JSON.stringify(receipt)}`);
  return receipt.id;
}

async function expectState(bot: string, id: string, wanted: string): Promise<void> {
  const answer = await fetch(`${bot}/publishes/${id}?wait=30`, { headers: { authorization: PUBLISHER } });
  const progress: { promotions?: readonly { environment: string; state: string }[] } = JSON.parse(
    await answer.text(),
  );
  const dev = progress.promotions?.find(({ environment }) => environment === "dev");
  if (dev?.state !== wanted)
    throw new Error(`the publish is not ${wanted} in dev: ${JSON.stringify(progress, null, 2)}`);
}

function onlyPull(): PullRequest {
  const [pull, ...others] = github.repository(REPOSITORY).pulls();
  if (!pull || others.length > 0)
    throw new Error(`there are ${others.length + (pull ? 1 : 0)} pull requests instead of one`);
  return pull;
}

function show({ title, body, head, base }: PullRequest): void {
  const { objects } = github.repository(REPOSITORY);
  screen.heading(title);
  screen.quote(body.replace(/<!--.*?-->\n?/gs, ""));
  process.stdout.write("\n");
  const treeOf = (commit: string) => objects.mustCommit(commit).tree;
  for (const { path, before, after } of changesBetween(objects, treeOf(base.oid), treeOf(head.oid))) {
    const text = (entry: { oid: string } | undefined) =>
      entry ? (objects.blob(entry.oid)?.toString() ?? "") : "";
    screen.diff(
      createTwoFilesPatch(`a/${path}`, `b/${path}`, text(before), text(after), "", "", { context: 3 })
        .split("\n")
        .slice(1)
        .join("\n"),
    );
  }
}

async function expectDeployment(sha: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const [deployment, ...others] = [...github.repository(REPOSITORY).deployments.values()];
    if (others.length > 0) throw new Error("there is more than one deployment");
    const state = deployment?.statuses.at(-1)?.state;
    if (deployment && state === "success") {
      if (deployment.oid !== sha) throw new Error(`the deployment is of ${deployment.oid}`);
      screen.found(
        `deployment ${deployment.id} to ${deployment.environment}: ${JSON.stringify(deployment.payload)}`,
      );
      const calls = jenkins.requests.filter(({ method }) => method === "POST").length;
      if (calls !== 1) throw new Error(`Jenkins was told ${calls} times`);
      screen.found(`Jenkins was told once, and the deployment ended with ${state}`);
      return;
    }
    await sleep(100);
  }
  throw new Error("no deployment came to its end");
}

async function render(sha: string): Promise<string> {
  const folder = join(work, "merged");
  await mkdir(folder, { recursive: true });
  writeFiles(github.repository(REPOSITORY).objects, sha, folder);
  const umbrella = join(folder, "dev");
  await helm(["dependency", "build", umbrella]);
  screen.found("helm dependency build accepts the lock");
  return helm(["template", "dev", umbrella, "--values", join(umbrella, "xposer.yaml")]);
}

function expectIn(text: string, wanted: string): void {
  if (!text.includes(wanted)) throw new Error(`"${wanted}" is not in what was rendered:\n${text}`);
}

async function cleanUp(): Promise<void> {
  await stopBot();
  await deployer.close();
  await Promise.all([github.close(), museum.close(), jenkins.stop()]);
  await rm(work, { recursive: true, force: true });
}

if (keep) {
  screen.heading("Everything goes on running; end it with Ctrl+C.");
  screen.found(`bot:          ${address}`);
  screen.found(`publisher:    xposer-pipeline, with the secret demo-publisher-secret`);
  screen.found(`folder:       ${work} (packed charts, server.yaml, the bot's data)`);
  screen.found(`pull request: ${github.url}/${REPOSITORY}/pull/1 (those that are open have a merge button)`);
  screen.found(`ChartMuseum:  ${museum.url}/index.yaml`);
  screen.found(`Jenkins job:  ${jenkins.jobUrl("deploy")}`);
  process.once("SIGINT", () => void cleanUp().finally(() => process.exit()));
}
