// One environment on a real cluster: a config repository with the fixture's scripts, deployed and watched by them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { fixtures, mustRun, type Outcome, openWorkshop, type Workshop } from "../../fixtures/run-script.ts";
import { DeploymentDesk, lineOf } from "../../support/deployment-desk.ts";
import type { KubeCluster } from "../kube/kube-cluster.ts";

export interface SiteOptions {
  readonly cluster: KubeCluster;
  /** A folder of fixtures/drift. */
  readonly chart: string;
  readonly values?: Readonly<Record<string, unknown>>;
  /** The helm that deploys; default the one of `helmBinary`. */
  readonly helm?: string;
}

/** A deployment of 40 objects takes seconds, on a machine that does nothing else. */
const SCRIPT_WITHIN_MS = 300_000;

export class Site {
  /** Also the environment, the release and the folder in the repository. */
  readonly namespace: string;
  readonly desk: DeploymentDesk;
  /** Everything that the scripts printed. */
  output = "";
  readonly #cluster: KubeCluster;
  readonly #workshop: Workshop;
  #revision = "";

  private constructor(namespace: string, desk: DeploymentDesk, [cluster, workshop]: [KubeCluster, Workshop]) {
    this.namespace = namespace;
    this.desk = desk;
    this.#cluster = cluster;
    this.#workshop = workshop;
  }

  static async open({ cluster, chart, values = {}, helm }: SiteOptions): Promise<Site> {
    const namespace = await cluster.createNamespace();
    const workshop = await openWorkshop();
    const site = new Site(namespace, await DeploymentDesk.open(), [cluster, workshop]);
    if (helm !== undefined) await site.useHelm(helm);
    await site.#writeRepository(chart, values);
    return site;
  }

  async useHelm(program: string): Promise<void> {
    const tool = join(this.#workshop.folder, "bin/helm");
    await rm(tool);
    await symlink(program, tool);
  }

  async #writeRepository(chart: string, values: SiteOptions["values"]): Promise<void> {
    const origin = join(this.#workshop.folder, "origin");
    await mkdir(origin);
    await cp(join(fixtures, "config-repository/ci"), join(origin, "ci"), { recursive: true });
    await cp(join(fixtures, "drift", chart), join(origin, this.namespace), { recursive: true });
    await writeFile(join(origin, this.namespace, "more.yaml"), JSON.stringify(values));
    await mustRun(this.#workshop, ["git", "init", "--quiet", "--initial-branch=main"], origin);
    await mustRun(this.#workshop, ["git", "clone", "--quiet", origin, "workspace"]);
    await this.merge();
  }

  /** Commits what stands in the origin's folder, which is then what `deploy` deploys. */
  async merge(values?: Readonly<Record<string, unknown>>): Promise<void> {
    const origin = join(this.#workshop.folder, "origin");
    if (values !== undefined)
      await writeFile(join(origin, this.namespace, "more.yaml"), JSON.stringify(values));
    await mustRun(this.#workshop, ["git", "add", "."], origin);
    await mustRun(this.#workshop, ["git", "commit", "--quiet", "--message=Merge"], origin);
    this.#revision = await mustRun(this.#workshop, ["git", "rev-parse", "HEAD"], origin);
    const clone = join(this.#workshop.folder, "workspace");
    await mustRun(this.#workshop, ["git", "fetch", "--quiet"], clone);
    await mustRun(this.#workshop, ["git", "checkout", "--quiet", "--force", this.#revision], clone);
  }

  /** A heal is the same again, as a deployment of its own. */
  async deploy(): Promise<Outcome> {
    const target = { environment: this.namespace, revision: this.#revision };
    return this.#script("ci/deploy.sh", {
      REPOSITORY: "acme/config",
      ENVIRONMENT: this.namespace,
      PATH_IN_REPOSITORY: this.namespace,
      REVISION: this.#revision,
      DEPLOYMENT_ID: String(this.desk.ask(target)),
      CHARTS: "touched=1.0.0",
      // No controller makes anything ready here.
      READY_WITHIN: "off",
    });
  }

  async mustDeploy(): Promise<Outcome> {
    const outcome = await this.deploy();
    if (outcome.status !== 0) throw new Error(`deploy.sh: ${outcome.stdout}${outcome.stderr}`);
    return outcome;
  }

  watch(more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.#script("ci/drift.sh", more);
  }

  /** What drift.sh reports, one line for each resource: "changed Deployment/web spec.replicas by kubectl". */
  async reported(
    compare: "reading" | "dry-run" = "reading",
    kubeconfig: string = this.#cluster.kubeconfig,
  ): Promise<readonly string[]> {
    const before = this.desk.drifts.length;
    const outcome = await this.watch({ COMPARE: compare, KUBECONFIG: kubeconfig });
    const report = this.desk.drifts[before];
    if (outcome.status !== 0 || report === undefined)
      throw new Error(`drift.sh reported nothing: ${outcome.stdout}${outcome.stderr}`);
    expect(report.resources.filter(({ namespace }) => namespace !== this.namespace)).toEqual([]);
    return report.resources
      .map((one) => lineOf(one).replace(`Release/${this.namespace}`, "Release/NAME"))
      .sort();
  }

  kubectl(given: readonly string[], input = ""): Promise<string> {
    return this.#cluster.mustKubectl([...given, "--namespace", this.namespace], input);
  }

  /** Helm by hand; "NAME" stands for the release, "CHART" for the folder that is deployed. */
  async helm(given: readonly string[]): Promise<void> {
    await mustRun(this.#workshop, [
      "env",
      `KUBECONFIG=${this.#cluster.kubeconfig}`,
      "helm",
      ...this.#here(given),
    ]);
  }

  /** Helm as in a build that is killed while the cluster is half-way: what it made stays pending. */
  async helmKilled(given: readonly string[]): Promise<void> {
    const child = spawn("helm", [...this.#here(given), "--wait", "--timeout", "10m"], {
      cwd: this.#workshop.folder,
      env: { ...this.#workshop.environment, KUBECONFIG: this.#cluster.kubeconfig },
      stdio: "ignore",
    });
    await this.#untilPending(child);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  async #untilPending(child: ChildProcess): Promise<void> {
    const pending = ["get", "secrets", "--selector=owner=helm,status in (pending-install,pending-upgrade)"];
    while (child.exitCode === null) if ((await this.kubectl([...pending, "--output=name"])) !== "") return;
    throw new Error("helm ended before it was killed");
  }

  applyDefinitions(): Promise<string> {
    return this.kubectl(["apply", "--filename", join(fixtures, "drift/stubborn/crds")]);
  }

  #here(given: readonly string[]): readonly string[] {
    const chart = join(this.#workshop.folder, "origin", this.namespace);
    const meant = given.map((word) => (word === "NAME" ? this.namespace : word === "CHART" ? chart : word));
    return [...meant, "--namespace", this.namespace];
  }

  async #script(file: string, more: Readonly<Record<string, string>>): Promise<Outcome> {
    const outcome = await this.#workshop.run([file], {
      cwd: join(this.#workshop.folder, "workspace"),
      timeoutMs: SCRIPT_WITHIN_MS,
      environment: {
        ...this.desk.environment,
        CONFIG_REPOSITORY: "acme/config",
        KUBECONFIG: this.#cluster.kubeconfig,
        ...more,
      },
    });
    this.output += outcome.stdout + outcome.stderr;
    return outcome;
  }

  async close(): Promise<void> {
    await Promise.all([this.desk.close(), this.#workshop.close()]);
  }
}
