// What the account of deploy/drift may and may not do, on a real API server with its RBAC and its admission policies.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { KUBERNETES, type KubeCluster } from "../kube/kube-cluster.ts";
import { isSkipped } from "../program.ts";
import type { Site } from "./site.ts";
import { useSites } from "./sites.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;
const WITHIN_MS = 300_000;
const folder = join(import.meta.dirname, "../../../deploy/drift");

suite("the account that looks for drift", () => {
  const sites = useSites();
  let site: Site;
  let account: string;

  async function apply(file: string, less = (text: string): string => text): Promise<void> {
    const text = less(await readFile(join(folder, file), "utf8"));
    const here = text.replaceAll("namespace: dev", `namespace: ${site.namespace}`);
    await sites.cluster().mustKubectl(["apply", "--filename=-"], here);
  }

  const asAccount = (...given: readonly string[]): ReturnType<KubeCluster["kubectl"]> =>
    sites.cluster().kubectl(["--kubeconfig", account, "--namespace", site.namespace, ...given]);

  beforeAll(async () => {
    site = await sites.open({ chart: "stubborn", values: { what: "workload" } });
    await site.mustDeploy();
    await sites.cluster().mustKubectl(["create", "namespace", "chart-promoter"]);
    await apply("cronjob.yaml");
    account = await sites.cluster().kubeconfigOf("chart-promoter", "drift");
  }, WITHIN_MS);

  it(
    "reports nothing while it may not read",
    async () => {
      const { status, stderr } = await site.watch({ KUBECONFIG: account });
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("not looked at") });
      expect(site.desk.drifts).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    "reports nothing while the cluster is away",
    async () => {
      const away = `${account}.away`;
      await writeFile(away, (await readFile(account, "utf8")).replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9"));
      expect(await site.watch({ KUBECONFIG: away })).toMatchObject({ status: 1 });
      expect(site.desk.drifts).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    "reports nothing while it may get releases and not list them, since Helm finds them by label",
    async () => {
      await apply("reading.yaml", (text) => text.replace("[get, list]", "[get]"));
      const secrets = await asAccount("auth", "can-i", "get", "secrets");
      expect(secrets).toMatchObject({ stdout: "yes\n" });
      const { status, stderr } = await site.watch({ KUBECONFIG: account });
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("not looked at") });
      expect(site.desk.drifts).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    "reads with reading.yaml, and may not write",
    async () => {
      await apply("reading.yaml");
      await site.kubectl(["scale", "deployment/web", "--replicas=3"]);
      expect(await site.reported("reading", account)).toEqual([
        "changed Deployment/web spec.replicas by kubectl",
      ]);
      expect(await site.reported("dry-run", account)).toEqual([
        "changed Deployment/web spec.replicas by kubectl",
      ]);
      expect(site.output).toContain("dry_run of Deployment/web was refused (Forbidden)");
      const refused = await asAccount("scale", "deployment/web", "--replicas=1");
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("forbidden") });
    },
    WITHIN_MS,
  );

  it(
    "dry-runs with dry-run.yaml, and the policy refuses anything else",
    async () => {
      await apply("dry-run.yaml");
      await policyIsInForce();
      const before = await site.kubectl(["get", "deployment/web", "--output=json"]);
      expect(await site.reported("dry-run", account)).toEqual([
        "changed Deployment/web spec.replicas by kubectl",
      ]);
      expect(site.output.split("refused (Forbidden)")).toHaveLength(2);
      expect(await site.kubectl(["get", "deployment/web", "--output=json"])).toBe(before);
      for (const command of [
        ["annotate", "deployment/web", "tried=1"],
        ["patch", "deployment/web", "--subresource=scale", "--type=merge", '--patch={"spec":{"replicas":9}}'],
        [
          "patch",
          "deployment/web",
          "--subresource=status",
          "--type=merge",
          '--patch={"status":{"replicas":9}}',
        ],
        ["delete", "deployment/web"],
        ["create", "configmap", "made"],
      ])
        expect([command, await asAccount(...command)]).toEqual([
          command,
          { status: 1, stdout: "", stderr: expect.stringMatching(/may only dry-run|forbidden/) },
        ]);
    },
    WITHIN_MS,
  );

  it(
    "calls unknown what it may not read",
    async () => {
      const other = await sites.open({ chart: "stubborn", values: { what: "both" } });
      await other.mustDeploy();
      const binding = await readFile(join(folder, "reading.yaml"), "utf8");
      const there = binding.replaceAll("namespace: dev", `namespace: ${other.namespace}`);
      await sites.cluster().mustKubectl(["apply", "--filename=-"], there);
      expect(await other.reported("reading", account)).toEqual(["unknown Widget/gadget"]);
    },
    WITHIN_MS,
  );

  /** A policy is enforced a moment after it was made. */
  async function policyIsInForce(): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const tried = await asAccount("annotate", "deployment/web", "tried=1", "--overwrite");
      if (tried.stderr.includes("may only dry-run")) return;
      if (Date.now() > deadline) throw new Error(`the policy refuses nothing: ${tried.stderr}`);
    }
  }
});
