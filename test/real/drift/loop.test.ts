// From a hand on the cluster to the issue that closes: the server as a process of its own, told of the cluster by the
// fixture's scripts alone, and both sides held to one another over HTTP.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type FilesGiven, filesIn } from "../../../src/sandbox/github/people/files.ts";
import type { Deployment } from "../../../src/sandbox/github/world/records.ts";
import { fixtures } from "../../fixtures/run-script.ts";
import {
  KUBE_STARTS_WITHIN_MS,
  KUBERNETES,
  type KubeCluster,
  startKubeCluster,
} from "../kube/kube-cluster.ts";
import { isSkipped } from "../program.ts";
import { auditTrail, Loop } from "./loop.ts";
import { TOUCHES } from "./touches.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;
const WITHIN_MS = 900_000;

const CONFIG = `environments:
  dev:
    path: dev
    deploy: [config-jenkins]
    environmentUrl: https://dev.example.com
    drift: { heal: on, atMost: 3, ignore: ["Deployment/ignored:spec.repl*"] }
  stubborn:
    path: stubborn
    deploy: [config-jenkins]
    drift: { heal: on }
`;

/** `dev` holds one object for each way to touch a cluster, and depends on xposer; `stubborn` what no deployment mends. */
function configRepository(museumUrl: string): FilesGiven {
  const below = (folder: string, files: FilesGiven) =>
    Object.fromEntries(Object.entries(files).map(([path, file]) => [`${folder}/${path}`, file]));
  return {
    ...below("ci", filesIn(join(fixtures, "config-repository/ci"))),
    ...below("dev", filesIn(join(fixtures, "drift/touched"))),
    ...below("stubborn", filesIn(join(fixtures, "drift/stubborn"))),
    "dev/Chart.yaml": `apiVersion: v2\nname: dev\nversion: 0.1.0\ndependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${museumUrl}\n`,
    ".github/chart-promoter.yml": CONFIG,
  };
}

suite("the whole loop", () => {
  let folder: string;
  let audit: string;
  let cluster: KubeCluster;
  let loop: Loop;

  const kubectl = (namespace: string, given: readonly string[], input = "") =>
    cluster.mustKubectl([...given, "--namespace", namespace], input);
  const scale = (replicas: number) =>
    kubectl("dev", ["scale", "deployment/scaled", `--replicas=${replicas}`]);

  /** deploy/drift as it stands there, for another environment too. */
  async function applyRights(): Promise<string> {
    for (const namespace of ["chart-promoter", "dev", "stubborn"])
      await cluster.mustKubectl(["create", "namespace", namespace]);
    for (const file of ["cronjob.yaml", "reading.yaml"]) {
      const text = await readFile(join(import.meta.dirname, "../../../deploy/drift", file), "utf8");
      for (const namespace of ["dev", "stubborn"])
        await cluster.mustKubectl(
          ["apply", "--filename=-"],
          text.replaceAll("namespace: dev", `namespace: ${namespace}`),
        );
    }
    return cluster.kubeconfigOf("chart-promoter", "drift");
  }

  /** The heal that this many deployments have been made with. */
  async function healed(environment: string, count: number): Promise<Deployment> {
    const heal = await loop.ended(environment, { count });
    expect(heal).toMatchObject({ task: "heal", oid: loop.deployments(environment).at(0)?.oid });
    expect(heal.statuses.at(-1)).toMatchObject({ state: "success" });
    expect(await loop.mustWatch()).toContain(`${environment}: deployment ${heal.id}: as deployed`);
    await loop.closed(environment);
    return heal;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "loop-"));
    const trail = await auditTrail(folder);
    audit = trail.log;
    cluster = await startKubeCluster(trail.flags);
    loop = await Loop.open({ cluster, files: configRepository, watcher: await applyRights() });
  }, KUBE_STARTS_WITHIN_MS);
  afterAll(async () => {
    await loop?.close();
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    "shows everything that was touched, deploys the same commit again, and closes the issue",
    async () => {
      await loop.publish("1.0.1");
      loop.mergeOpen();
      const deployed = await loop.ended("dev", { count: 1 });
      expect(deployed.statuses.at(-1)).toMatchObject({
        state: "success",
        environmentUrl: "https://dev.example.com",
      });
      expect(await loop.mustWatch()).toContain(`deployment ${deployed.id}: as deployed`);
      expect(loop.issue("dev")).toBeUndefined();

      for (const { command, input } of TOUCHES) await kubectl("dev", command, input);
      await loop.mustWatch();
      const { body } = await loop.issueSaying("dev", "is not as deployment");
      for (const line of TOUCHES.flatMap(({ reported }) => ("ssa" in reported ? reported.ssa : reported)))
        for (const word of wordsOf(line)) expect(body).toContain(word);
      expect(body).not.toMatch(/canary|Y2FuYXJ5/);
      const heal = await healed("dev", 2);
      expect(heal.payload).toMatchObject({ heals: deployed.id });
      expect(loop.logs()).toContain("To take back: Deployment/scaled spec.replicas, written by kubectl");
    },
    WITHIN_MS,
  );

  it(
    "heals a release that somebody rolled back",
    async () => {
      await loop.helm(["rollback", "dev", "1", "--namespace", "dev"]);
      await loop.mustWatch();
      await loop.issueSaying("dev", "| `Release/dev` in `dev` | `deployment` |");
      await healed("dev", 3);
    },
    WITHIN_MS,
  );

  it(
    "heals once though the server is killed, and within seconds",
    async () => {
      const touchedAt = Date.now();
      await scale(5);
      await loop.mustWatch();
      await loop.killBot();
      await loop.startBot();
      await healed("dev", 4);
      const seconds = Math.round((Date.now() - touchedAt) / 1000);
      process.stdout.write(`From the change to the closed issue: ${seconds} s, the server killed between.\n`);
    },
    WITHIN_MS,
  );

  it(
    "asks people, with who wrote it, when it comes back after each heal",
    async () => {
      await scale(6);
      await loop.mustWatch();
      await loop.issueSaying("dev", "It was healed 3 times within 24 hours");
      const issue = await loop.issueSaying("dev", "| `spec.replicas`, last written by `kubectl` |");
      expect(loop.deployments("dev", "heal")).toHaveLength(3);
      loop.comment(issue, "/heal");
      const heal = await healed("dev", 5);
      expect(heal.payload).toMatchObject({ by: "alice" });
    },
    WITHIN_MS,
  );

  it(
    "says of what no deployment mends what a person has to do, once",
    async () => {
      loop.mergeFiles({ "stubborn/more.yaml": "what: service\n" }, "first");
      await loop.ended("stubborn", { count: 1 });
      const port = JSON.stringify([{ op: "replace", path: "/spec/ports/0/port", value: 8080 }]);
      await kubectl("stubborn", ["patch", "service/renumbered", "--type=json", "--patch", port]);
      await loop.mustWatch();
      const heal = await loop.ended("stubborn", { count: 2 });
      expect(heal.statuses.at(-1)).toMatchObject({ state: "failure" });
      const issue = await loop.issueSaying("stubborn", "delete that object (kubectl delete)");
      expect(issue.body).toMatch(/which was to heal it, failed: .*renumbered.*Duplicate value/);
      await loop.mustWatch();
      await loop.issueSaying("stubborn", "| `Release/stubborn` in `stubborn` | `deployment`, `status` |");
      expect(loop.deployments("stubborn")).toHaveLength(2);

      await kubectl("stubborn", ["delete", "service/renumbered"]);
      loop.comment(issue, "/heal");
      await healed("stubborn", 3);
    },
    WITHIN_MS,
  );

  it(
    "installs again what somebody uninstalled",
    async () => {
      await loop.helm(["uninstall", "stubborn", "--namespace", "stubborn"]);
      await loop.mustWatch();
      await loop.issueSaying("stubborn", "| `Release/stubborn` in `stubborn` | is missing |");
      await healed("stubborn", 4);
      expect(await kubectl("stubborn", ["get", "service/renumbered", "--output=name"])).toContain(
        "renumbered",
      );
    },
    WITHIN_MS,
  );

  it("never asked the cluster for anything but by the deployer, and watched it by reading alone", async () => {
    const environment = (await readFile(`/proc/${loop.pid}/environ`, "utf8")).split("\0");
    expect(environment.filter((one) => /^(KUBECONFIG|HOME|KUBERNETES_\w+)=/.test(one))).toEqual([]);
    const requests = readAudit(await readFile(audit, "utf8"));
    const outside = requests.filter(({ user }) => !/^system:(apiserver|anonymous)$/.test(user));
    expect([...new Set(outside.map(({ user }) => user))].sort()).toEqual(["admin", WATCHER]);
    expect(outside.filter(({ agent }) => !/^(kubectl|helm)/i.test(agent)).map(({ agent }) => agent)).toEqual(
      [],
    );
    const watched = outside.filter(({ user }) => user === WATCHER);
    expect([...new Set(watched.map(({ verb }) => verb))].sort()).toEqual(["get", "list"]);
    const needless = watched.filter(({ refused }) => refused).map(({ what }) => what);
    expect(needless.filter((what) => what !== "namespaces")).toEqual([]);
    const listed = watched.filter(({ verb }) => verb === "list").map(({ what }) => what);
    expect([...new Set(listed)]).toEqual(["secrets"]);
    expect(loop.unmodelled).toEqual([]);
  });
});

const WATCHER = "system:serviceaccount:chart-promoter:drift";

interface AuditRequest {
  readonly user: string;
  readonly agent: string;
  readonly verb: string;
  readonly what: string;
  readonly refused: boolean;
}

/** A line of JSON for each request (audit.k8s.io/v1, Event). */
function readAudit(log: string): readonly AuditRequest[] {
  return log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ user, userAgent, verb, objectRef, requestURI, responseStatus }) => ({
      user: user.username,
      agent: userAgent ?? "",
      verb,
      what: objectRef?.resource ?? requestURI,
      refused: responseStatus?.code === 403,
    }));
}

/** What an issue shows of a reported line: the object, its first fields, and who wrote them. */
function wordsOf(line: string): readonly string[] {
  const [change, object = "", fields = "", , manager] = line.split(" ");
  const shown = fields === "" || change === "missing" ? [] : fields.split(",").slice(0, 5);
  return [object, ...shown, ...(manager === undefined ? [] : [`last written by \`${manager}\``])];
}
