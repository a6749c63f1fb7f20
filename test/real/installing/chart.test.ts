// The bot's own Helm chart on a real API server: installed, grown to several replicas on PostgreSQL, and reviewed as the bot
// reviews any chart.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import {
  KUBE_STARTS_WITHIN_MS,
  KUBERNETES,
  type KubeCluster,
  startKubeCluster,
} from "../kube/kube-cluster.ts";
import { isSkipped, run } from "../program.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const CHART = join(ROOT, "deploy/chart");
const SQLITE = join(CHART, "ci/sqlite.yaml");
const POSTGRES = join(CHART, "ci/postgres.yaml");
const suite = isSkipped(KUBERNETES) ? describe.skip : describe;

/** What the chart uses of https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor. */
const text = { type: "string" };
const SERVICE_MONITORS = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "servicemonitors.monitoring.coreos.com" },
  spec: {
    group: "monitoring.coreos.com",
    names: { kind: "ServiceMonitor", plural: "servicemonitors" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", properties: { spec: specOfServiceMonitor() } } },
      },
    ],
  },
};

function object(properties: object): object {
  return { type: "object", properties };
}

function specOfServiceMonitor(): object {
  const credentials = object({ name: text, key: text });
  const endpoint = object({ port: text, path: text, interval: text, authorization: object({ credentials }) });
  const matchLabels = { type: "object", additionalProperties: text };
  return object({ selector: object({ matchLabels }), endpoints: { type: "array", items: endpoint } });
}

suite("the chart of the bot", () => {
  let cluster: KubeCluster;
  let helm: string;
  let folder: string;

  beforeAll(async () => {
    cluster = await startKubeCluster();
    helm = await helmBinary();
    folder = await mkdtemp(join(tmpdir(), "own-chart-"));
    await cluster.mustKubectl(["create", "--filename", "-"], JSON.stringify(SERVICE_MONITORS));
    await cluster.mustKubectl([
      ...["wait", "--for=condition=established", "--timeout=30s"],
      "customresourcedefinition/servicemonitors.monitoring.coreos.com",
    ]);
  }, KUBE_STARTS_WITHIN_MS);
  afterAll(async () => {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([SQLITE, POSTGRES])("every field of %s is one that the API server knows", async (values) => {
    const namespace = await cluster.createNamespace();
    const { stdout } = await run(helm, ["template", "promoter", CHART, "--values", values]);
    const apply = [
      "apply",
      "--server-side",
      "--dry-run=server",
      "--validate=strict",
      "--namespace",
      namespace,
    ];
    const { status, stderr } = await cluster.kubectl([...apply, "--filename", "-"], stdout);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("is installed with SQLite, and upgraded to three replicas on PostgreSQL", async () => {
    const namespace = await cluster.createNamespace();
    const upgrade = (values: string) =>
      run(helm, [
        ...["upgrade", "--install", "promoter", CHART, "--values", values],
        ...["--namespace", namespace, "--kubeconfig", cluster.kubeconfig],
      ]);
    expect((await upgrade(SQLITE)).stdout).toMatch("STATUS: deployed");
    expect((await upgrade(POSTGRES)).stdout).toMatch("STATUS: deployed");
    const ask = ["get", "deployment,pvc,pdb", "--namespace", namespace, "--output"];
    const found = await cluster.mustKubectl([
      ...ask,
      "jsonpath={range .items[*]}{.kind} {.spec.replicas}{'\\n'}{end}",
    ]);
    expect(found.trim().split("\n").sort()).toEqual([
      "Deployment 3",
      "PersistentVolumeClaim ",
      "PodDisruptionBudget",
    ]);
  });

  it("is found good to merge by `chart-promoter review`, and what is dangerous is told", async () => {
    const environment = join(folder, "environment");
    const umbrella = { apiVersion: "v2", name: "platform", version: "0.1.0" };
    const dependency = { name: "chart-promoter", version: "0.1.0", repository: "https://charts.example.com" };
    await cp(CHART, join(folder, "next"), { recursive: true });
    await change("next/Chart.yaml", (chart) => chart.replaceAll("0.1.0", "0.2.0"));
    await cp(CHART, join(folder, "worse"), { recursive: true });
    await change("worse/Chart.yaml", (chart) => chart.replaceAll("0.1.0", "0.3.0"));
    await change("worse/templates/deployment.yaml", (template) =>
      template.replaceAll("runAsNonRoot: true", "runAsNonRoot: false"),
    );
    await cp(join(CHART, "ci"), environment, { recursive: true });
    await writeFile(
      join(environment, "Chart.yaml"),
      JSON.stringify({ ...umbrella, dependencies: [dependency] }),
    );
    const values = await readFile(SQLITE, "utf8");
    await writeFile(join(environment, "values.yaml"), `chart-promoter:\n${values.replaceAll(/^/gm, "  ")}`);

    const better = await review("next", environment);
    expect(better).toMatchObject({ dangers: [], check: { conclusion: "success" } });
    expect(better.images).toEqual([{ image: "chart-promoter", from: "0.1.0", to: "0.2.0" }]);
    const worse = await review("worse", environment);
    expect([...worse.dangers, ...worse.warnings].join("\n")).toMatch("runAsNonRoot");
  });

  async function change(file: string, edit: (text: string) => string): Promise<void> {
    const path = join(folder, file);
    await writeFile(path, edit(await readFile(path, "utf8")));
  }

  async function review(next: string, environment: string): Promise<Review> {
    const args = ["review", CHART, join(folder, next), "--environment", environment, "--json"];
    const { stdout } = await run(process.execPath, [join(ROOT, "src/cli/chart-promoter.ts"), ...args]);
    return JSON.parse(stdout);
  }
});

interface Review {
  readonly dangers: readonly string[];
  readonly warnings: readonly string[];
  readonly images: readonly object[];
  readonly check: { readonly conclusion: string };
}
