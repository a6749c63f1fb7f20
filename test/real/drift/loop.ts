// The whole loop: an offline GitHub, Jenkins and ChartMuseum, the real server as a process, the fixture's pipelines, and a
// real cluster. Nothing but HTTP passes between the server and the side that deploys.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { type Museum, startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { type Bot, startBot } from "../../../src/sandbox/demo/bot.ts";
import { writeBareRepository } from "../../../src/sandbox/github/git/write-out.ts";
import { startGitHub } from "../../../src/sandbox/github/github.ts";
import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import type { Deployment, Issue } from "../../../src/sandbox/github/world/records.ts";
import { type Jenkins, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { shellStep } from "../../../src/sandbox/jenkins/shell-step.ts";
import { mustRun, type Outcome, openWorkshop, type Workshop } from "../../fixtures/run-script.ts";
import { freePorts } from "../kube/free-ports.ts";
import type { KubeCluster } from "../kube/kube-cluster.ts";

const REPOSITORY = "acme/config";
const PUBLISHER = { name: "xposer-pipeline", secret: "publisher-secret" };
const DEPLOYER = { name: "config-jenkins", secret: 'r"s\\' };
const WEBHOOK_SECRET = "webhook-secret";
const SCRIPT_WITHIN_MS = 300_000;

export interface LoopOptions {
  readonly cluster: KubeCluster;
  /** The config repository's, with the address that charts are published at. */
  readonly files: (museumUrl: string) => FilesGiven;
  /** What drift.sh looks with. */
  readonly watcher: string;
}

type OpenGitHub = Awaited<ReturnType<typeof startGitHub>>;

interface Outside {
  readonly github: OpenGitHub;
  readonly museum: Museum;
  readonly workshop: Workshop;
}

export class Loop {
  readonly #github: OpenGitHub;
  readonly #museum: Museum;
  readonly #workshop: Workshop;
  readonly #options: LoopOptions;
  #jenkins: Jenkins | undefined;
  #bot: Bot | undefined;
  #port = 0;

  private constructor({ github, museum, workshop }: Outside, options: LoopOptions) {
    this.#github = github;
    this.#museum = museum;
    this.#workshop = workshop;
    this.#options = options;
  }

  static async open(options: LoopOptions): Promise<Loop> {
    const outside = {
      github: await startGitHub(),
      museum: await startMuseum(),
      workshop: await openWorkshop(),
    };
    const loop = new Loop(outside, options);
    try {
      await loop.#start();
    } catch (error) {
      await loop.close();
      throw error;
    }
    return loop;
  }

  async #start(): Promise<void> {
    await this.#museum.upload(packChart({ name: "xposer", version: "1.0.0" }));
    this.#github.createRepository({
      name: REPOSITORY,
      files: this.#options.files(this.#museum.url),
      people: { alice: "write" },
    });
    this.#github.install({ account: "acme", repositories: "all" });
    this.#writeOrigin();
    await mustRun(this.#workshop, ["git", "clone", "--quiet", "origin.git", "workspace"]);
    const [port = 0] = await freePorts(1);
    this.#port = port;
    this.#jenkins = await this.#startJenkins();
    await this.startBot();
  }

  get #origin(): string {
    return join(this.#workshop.folder, "origin.git");
  }

  get #workspace(): string {
    return join(this.#workshop.folder, "workspace");
  }

  /** What GitHub serves to git at this moment. */
  #writeOrigin(): void {
    const { objects, refs } = this.#github.repository(REPOSITORY);
    writeBareRepository(objects, refs, { folder: this.#origin, defaultBranch: "main" });
  }

  /** The stage of the fixture's Jenkinsfile, which has the cluster's credentials. */
  #startJenkins(): Promise<Jenkins> {
    const names = ["REPOSITORY", "ENVIRONMENT", "PATH_IN_REPOSITORY", "REVISION", "DEPLOYMENT_ID", "CHARTS"];
    const deploy = shellStep({
      command: "ci/deploy.sh",
      cwd: this.#workspace,
      environment: {
        ...this.#workshop.environment,
        ...this.#asDeployer(),
        KUBECONFIG: this.#options.cluster.kubeconfig,
        // No controller makes anything ready here.
        READY_WITHIN: "off",
      },
    });
    return startJenkins({
      users: [{ name: "bot", token: "jenkins-token" }],
      jobs: [
        {
          name: "deploy",
          oneAtATime: true,
          parameters: Object.fromEntries(names.map((name) => [name, ""])),
          run: (build, signal) => {
            this.#writeOrigin();
            return deploy(build, signal);
          },
        },
      ],
    });
  }

  #asDeployer(): Readonly<Record<string, string>> {
    return {
      CONFIG_REPOSITORY: REPOSITORY,
      PROMOTER_URL: `http://127.0.0.1:${this.#port}`,
      DEPLOYER: DEPLOYER.name,
      REPORT_SECRET: DEPLOYER.secret,
    };
  }

  async startBot(): Promise<void> {
    const { app, url, webhooks } = this.#github;
    const config = join(this.#workshop.folder, "server.yaml");
    await writeFile(config, this.#serverYaml());
    this.#bot = await startBot({
      PORT: String(this.#port),
      HOST: "127.0.0.1",
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET,
      GHE_HOST: new URL(url).host,
      GHE_PROTOCOL: "http",
      SERVER_CONFIG: config,
      DATA_DIR: join(this.#workshop.folder, "data"),
      PATH: this.#workshop.environment["PATH"] ?? "",
    });
    webhooks.sendTo({ url: `${this.#bot.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
    await this.until("the server is ready", async () => {
      const { status } = await fetch(`${this.#bot?.url}/readyz`);
      return status === 200 ? true : undefined;
    });
  }

  #serverYaml(): string {
    const { name, secret } = DEPLOYER;
    return stringify({
      chartRepositories: { stakater: { url: this.#museum.url } },
      publishers: {
        [PUBLISHER.name]: { secret: PUBLISHER.secret, repository: "stakater", charts: ["xposer"] },
      },
      deployers: {
        [name]: {
          jenkins: this.#jenkins?.jobUrl("deploy"),
          ...{ username: "bot", token: "jenkins-token", secret, repositories: [REPOSITORY] },
        },
      },
    });
  }

  async killBot(): Promise<void> {
    await this.#bot?.kill();
  }

  /** Of the server's process. */
  get pid(): number {
    return this.#bot?.pid ?? 0;
  }

  /** As the code pipeline does; resolves when nothing is pending. */
  async publish(version: string): Promise<void> {
    await this.#museum.upload(packChart({ name: "xposer", version }));
    const authorization = `Basic ${Buffer.from(`${PUBLISHER.name}:${PUBLISHER.secret}`).toString("base64")}`;
    const announced = await fetch(`${this.#bot?.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: JSON.stringify({ chart: "xposer", version }),
    });
    const { id }: { id: string } = JSON.parse(await announced.text());
    await fetch(`${this.#bot?.url}/publishes/${id}?wait=30`, { headers: { authorization } });
  }

  /** As a reviewer. */
  mergeOpen(): void {
    const open = this.repository()
      .pulls()
      .find(({ state }) => state === "open");
    this.#github.as("alice").merge(REPOSITORY, open?.number ?? 0);
  }

  /** A person's own change, reviewed and merged. */
  mergeFiles(files: FilesGiven, branch: string): void {
    const alice = this.#github.as("alice");
    alice.push(REPOSITORY, { branch, files });
    const number = alice.openPullRequest(REPOSITORY, { head: branch, base: "main", title: branch });
    alice.merge(REPOSITORY, number);
  }

  comment({ number }: Issue, body: string): void {
    this.#github.as("alice").comment(REPOSITORY, number, body);
  }

  repository(): ReturnType<OpenGitHub["repository"]> {
    return this.#github.repository(REPOSITORY);
  }

  /** Fields of GitHub's schema that were asked for and are not modelled. */
  get unmodelled(): readonly string[] {
    return this.#github.unmodelled;
  }

  /** The log of every build, in order. */
  logs(): string {
    const builds = this.#jenkins?.controller.builds("deploy") ?? [];
    return builds.map(({ log }) => log).join("\n");
  }

  /** The stage of the fixture's Jenkinsfile.drift. */
  async watch(more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.#workshop.run(["ci/drift.sh"], {
      cwd: this.#workspace,
      timeoutMs: SCRIPT_WITHIN_MS,
      environment: { ...this.#asDeployer(), KUBECONFIG: this.#options.watcher, ...more },
    });
  }

  async mustWatch(): Promise<string> {
    const { status, stdout, stderr } = await this.watch();
    if (status !== 0) throw new Error(`drift.sh: ${stdout}${stderr}`);
    return stdout;
  }

  /** Helm by hand. */
  async helm(given: readonly string[]): Promise<void> {
    const kubeconfig = `KUBECONFIG=${this.#options.cluster.kubeconfig}`;
    await mustRun(this.#workshop, ["env", kubeconfig, "helm", ...given]);
  }

  deployments(environment: string, task?: string): readonly Deployment[] {
    return [...this.repository().deployments.values()].filter(
      (one) => one.environment === environment && (task === undefined || one.task === task),
    );
  }

  /** The newest deployment of an environment, once it has ended. */
  async ended(environment: string, { count }: { readonly count: number }): Promise<Deployment> {
    return this.until(`deployment ${count} of ${environment} ends`, () => {
      const all = this.deployments(environment);
      const state = all.at(-1)?.statuses.at(-1)?.state;
      return all.length >= count && state !== undefined && /^(success|failure|error)$/.test(state)
        ? all.at(-1)
        : undefined;
    });
  }

  /** The open issue about an environment. */
  issue(environment: string): Issue | undefined {
    return this.repository()
      .issues()
      .find(({ title, state }) => state === "open" && title === `Drift in ${environment}`);
  }

  async closed(environment: string): Promise<void> {
    await this.until(`the issue about ${environment} is closed`, () =>
      this.issue(environment) ? undefined : true,
    );
  }

  /** The open issue, without what is hidden in it, once it says so. */
  async issueSaying(environment: string, words: string): Promise<Issue> {
    return this.until(`the issue about ${environment} says "${words}"`, () => {
      const issue = this.issue(environment);
      return issue?.body.includes(words) === true ? issue : undefined;
    });
  }

  async until<T>(what: string, found: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + SCRIPT_WITHIN_MS;
    for (;;) {
      const value = await found();
      if (value !== undefined) return value;
      if (Date.now() > deadline) throw new Error(`in vain: ${what}\n${this.#state()}`);
      await sleep(100);
    }
  }

  #state(): string {
    const issues = this.repository()
      .issues()
      .map(({ title, state, body }) => `${title} ${state}\n${body}`);
    return [...issues, ...(this.#bot?.replies.slice(-20) ?? []), this.logs().slice(-4000)].join("\n");
  }

  async close(): Promise<void> {
    await this.#bot?.stop();
    await Promise.all([
      this.#github.close(),
      this.#museum.close(),
      this.#jenkins?.stop(),
      this.#workshop.close(),
    ]);
  }
}

/** Lets kube-apiserver write down who asks what; answers its flags and what it wrote. */
export async function auditTrail(folder: string) {
  await mkdir(folder, { recursive: true });
  const [policy, log] = [join(folder, "audit.yaml"), join(folder, "audit.log")];
  const rules = [{ level: "Metadata", omitStages: ["RequestReceived"] }];
  await writeFile(policy, stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", rules }));
  return { flags: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`], log };
}
