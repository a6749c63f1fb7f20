// The cluster that other tests stand on is what they take it for.

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isSkipped, run } from "../program.ts";
import { KUBE_STARTS_WITHIN_MS, KUBERNETES, type KubeCluster, startKubeCluster } from "./kube-cluster.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;

function configMap(data: Readonly<Record<string, string>>): string {
  return JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data });
}

function deployment(app: string): string {
  const metadata = { name: "web", labels: { app } };
  const spec = { containers: [{ name: "web", image: "web:1" }] };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec } },
  });
}

suite("a real kube-apiserver", () => {
  let cluster: KubeCluster;

  beforeAll(async () => {
    cluster = await startKubeCluster();
  }, KUBE_STARTS_WITHIN_MS);
  afterAll(() => cluster?.close());

  it("tells its version", async () => {
    const { serverVersion } = JSON.parse(await cluster.mustKubectl(["version", "--output", "json"]));
    expect(serverVersion).toMatchObject({ gitVersion: expect.stringMatching(/^v1\.\d+\./) });
  });

  it("refuses a change of an immutable field, with its reason", async () => {
    const namespace = await cluster.createNamespace();
    const apply = ["apply", "--namespace", namespace, "--filename", "-"];
    await cluster.mustKubectl(apply, deployment("web"));
    const changed = await cluster.kubectl(apply, deployment("api"));
    expect(changed).toMatchObject({ status: 1, stderr: expect.stringContaining("field is immutable") });
  });

  it("knows who owns a field", async () => {
    const namespace = await cluster.createNamespace();
    const apply = ["apply", "--server-side", "--namespace", namespace, "--filename", "-"];
    await cluster.mustKubectl([...apply, "--field-manager=first"], configMap({ key: "1" }));
    const other = await cluster.kubectl([...apply, "--field-manager=second"], configMap({ key: "2" }));
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('conflict with "first"') });
  });

  it("lets a service account do what RBAC allows it and nothing else", async () => {
    const namespace = await cluster.createNamespace();
    const here = ["--namespace", namespace];
    await cluster.mustKubectl(["create", "serviceaccount", "reader", ...here]);
    await cluster.mustKubectl([
      "create",
      "role",
      "read",
      "--verb=get,list",
      "--resource=configmaps",
      ...here,
    ]);
    const reader = `--serviceaccount=${namespace}:reader`;
    await cluster.mustKubectl(["create", "rolebinding", "read", "--role=read", reader, ...here]);
    const kubeconfig = await cluster.kubeconfigOf(namespace, "reader");
    const as = (...given: readonly string[]) =>
      cluster.kubectl(["--kubeconfig", kubeconfig, ...here, ...given]);
    expect(await as("get", "configmaps")).toMatchObject({ status: 0 });
    expect(await as("get", "secrets")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("forbidden"),
    });
  });

  it("is gone after close", async () => {
    const other = await startKubeCluster();
    await other.close();
    await expect(run("ls", [other.kubeconfig])).rejects.toThrow();
    await expect(fetch(`${other.url}/readyz`)).rejects.toThrow();
  });
});
