// `npm run demo` where KUBECONFIG names a cluster: its last act is played there, and nothing of it is left behind.

import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  KUBE_STARTS_WITHIN_MS,
  KUBERNETES,
  type KubeCluster,
  startKubeCluster,
} from "../kube/kube-cluster.ts";
import { isSkipped, run } from "../program.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;
const DEMO = fileURLToPath(new URL("../../../src/sandbox/demo/demo.ts", import.meta.url));

suite("the demo", () => {
  let cluster: KubeCluster;
  beforeAll(async () => {
    cluster = await startKubeCluster();
  }, KUBE_STARTS_WITHIN_MS);
  afterAll(() => cluster?.close(), 60_000);

  it("deploys to the cluster of KUBECONFIG, is scaled by hand there, and heals it", async () => {
    const { NODE_OPTIONS: _options, ...usual } = process.env;
    const env = { ...usual, KUBECONFIG: cluster.kubeconfig, NO_COLOR: "1" };
    const { stdout } = await run(process.execPath, [DEMO], { env });
    const wanted = [
      /kubectl scale deployment dev-xposer --replicas 7 --namespace chart-promoter-demo-\d+ \(it had 1\)/,
      /acme\/config, dev: deployment \d+: 1 not as deployed/,
      /changed: Deployment\/dev-xposer spec\.replicas, by kubectl/,
      /issue #\d+: Drift in dev/,
      /deployment \d+, task heal, of the same commit/,
      /acme\/config, dev: deployment \d+: as deployed/,
      /issue #\d+ is closed/,
      /Done in/,
    ];
    for (const line of wanted) expect(stdout).toMatch(line);
    const left = ["get", "secrets,deployments,services", "--all-namespaces", "--output=name"];
    expect(await cluster.mustKubectl(left)).toBe("service/kubernetes\n");
  }, 300_000);
});
