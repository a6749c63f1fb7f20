// What the text calls refused is what the API server refuses, and nothing else: every case of fixtures/immutable-fields, applied
// the way Helm 3 does (a three-way merge) and the way Helm 4 does (server-side).

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ImmutableCase, immutableCases } from "../../support/immutable-cases.ts";
import { isSkipped } from "../program.ts";
import { KUBE_STARTS_WITHIN_MS, KUBERNETES, type KubeCluster, startKubeCluster } from "./kube-cluster.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;

const FLAGS = ["--runtime-config=storage.k8s.io/v1beta1=true", "--feature-gates=VolumeAttributesClass=true"];

const WAYS = [
  ["merge", "m", ["apply", "--validate=false", "--filename", "-"]],
  [
    "server-side",
    "s",
    ["apply", "--server-side", "--field-manager=helm", "--validate=false", "--filename", "-"],
  ],
] as const;

const CLASSES = [
  { name: "fast", allowVolumeExpansion: true },
  { name: "slow", allowVolumeExpansion: false },
].map(({ name, ...rest }) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name },
  provisioner: "example.com/provisioner",
  ...rest,
}));

const cases = immutableCases().map((one, index) => ({ ...one, index }));

suite("the real API server", () => {
  let cluster: KubeCluster;

  beforeAll(async () => {
    cluster = await startKubeCluster(FLAGS);
    await cluster.mustKubectl(["apply", "--filename", "-"], list(CLASSES));
  }, KUBE_STARTS_WITHIN_MS);
  afterAll(() => cluster?.close());

  describe.each(WAYS)("applied by %s", (way, prefix, apply) => {
    let here: readonly string[];

    beforeAll(async () => {
      here = ["--namespace", await cluster.createNamespace()];
      const manifests = cases.map((one) => named(one.before, nameOf(prefix, one.index)));
      await cluster.mustKubectl([...apply, ...here], list(manifests));
    }, 120_000);
    afterAll(() => cluster.mustKubectl(["delete", "service", "--all", "--wait=false", ...here]));

    it.each(cases)("$name", async (one) => {
      const name = nameOf(prefix, one.index);
      await setStatus(one, named(one.before, name));
      const { status, stderr } = await cluster.kubectl(
        [...apply, ...here],
        JSON.stringify(named(one.after, name)),
      );
      const isRefused = one.refusedBy.has(way);
      expect({ isRefused: status !== 0, stderr }).toEqual({
        isRefused,
        stderr: isRefused ? expect.stringMatching(/invalid|[Ff]orbidden/) : expect.any(String),
      });
    });

    async function setStatus({ status }: ImmutableCase, manifest: string | object): Promise<void> {
      if (status === undefined) return;
      const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
      const file = ["--filename", "-", ...here];
      await cluster.mustKubectl(["patch", ...file, ...patch], JSON.stringify(manifest));
    }
  });
});

function nameOf(prefix: string, index: number): string {
  return `${prefix}${index}`;
}

/** Every $N of a case is its own name. */
function named(manifest: object, name: string): object {
  return JSON.parse(JSON.stringify(manifest).replaceAll("$N", name));
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
