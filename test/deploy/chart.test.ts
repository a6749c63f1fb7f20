// The bot's own Helm chart, by the real Helm: it lints, it renders what its examples ask for, and it refuses what cannot work.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { type Helm, helmIn } from "../../src/sandbox/demo/helm.ts";

const CHART = fileURLToPath(new URL("../../deploy/chart", import.meta.url));
const SQLITE = join(CHART, "ci/sqlite.yaml");
const POSTGRES = join(CHART, "ci/postgres.yaml");

let helm: Helm;
beforeAll(async () => {
  helm = await helmIn(join(fileURLToPath(new URL("../../.cache", import.meta.url)), "helm-home"));
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

async function rendered(values: string, ...more: readonly string[]): Promise<readonly Manifest[]> {
  const text = await helm(["template", "promoter", CHART, "--values", values, ...more]);
  return parseAllDocuments(text).map((document): Manifest => document.toJS());
}

async function pick(kind: string, values: string, ...more: readonly string[]): Promise<Manifest> {
  const found = (await rendered(values, ...more)).find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} is rendered`);
  return found;
}

function refusal(error: unknown): string {
  return String(Object(error).stderr);
}

test.each([[[]], [["--values", SQLITE]], [["--values", POSTGRES]]])("lints with %j", async (values) => {
  await expect(helm(["lint", CHART, "--strict", ...values])).resolves.toMatch("0 chart(s) failed");
});

test.each([
  ["more replicas than one on SQLite", ["replicaCount=2"], "existingSecret"],
  ["a key that is none", ["replicas=2"], "'replicas'"],
  ["no App", ["github.appId="], "github.appId is the App ID"],
  ["no Secret", ["github.existingSecret="], "github.existingSecret names a Secret"],
  [
    "a chart repository that is none",
    ["config.chartRepositories.stakater=null"],
    "chartRepositories/stakater",
  ],
  ["a digest that is none", ["image.digest=latest"], "image/digest"],
])("refuses %s", async (_what, set, why) => {
  const manifests = rendered(SQLITE, ...set.flatMap((one) => ["--set", one]));
  await expect(manifests.catch((error: unknown) => Promise.reject(refusal(error)))).rejects.toMatch(why);
});

test("refuses a server without a chart repository", async () => {
  const manifests = helm(["template", CHART, "--set", "github.appId=7,github.existingSecret=github"]);
  await expect(manifests.catch((error: unknown) => Promise.reject(refusal(error)))).rejects.toMatch(
    "at least one chart repository",
  );
});

test("refuses more replicas than one on SQLite also where the schema is skipped", async () => {
  const manifests = rendered(SQLITE, "--skip-schema-validation", "--set", "replicaCount=2");
  await expect(manifests.catch((error: unknown) => Promise.reject(refusal(error)))).rejects.toMatch(
    "needs PostgreSQL",
  );
});

describe.each([
  ["SQLite", SQLITE, "Recreate"],
  ["PostgreSQL", POSTGRES, "RollingUpdate"],
])("on %s", (_what, values, strategy) => {
  test("every pod is hardened and has no right on the cluster", async () => {
    const pods = (await rendered(values)).flatMap((one) =>
      one.kind === "Pod" ? [one.spec] : one.kind === "Deployment" ? [Object(one.spec)["template"].spec] : [],
    );
    expect(pods).toHaveLength(2);
    for (const pod of pods)
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            resources: { limits: { memory: expect.any(String) } },
          },
        ],
      });
  });

  test("the Deployment is looked at by probes, and replaced as its database permits", async () => {
    const { spec } = await pick("Deployment", values);
    const [container] = Object(spec)["template"].spec.containers;
    expect(spec).toMatchObject({ strategy: { type: strategy } });
    for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"])
      expect(container[probe].httpGet).toEqual({ path: "/healthz", port: "http" });
  });
});

test("a number as App ID stays one, in figures", async () => {
  const { spec } = await pick("Deployment", SQLITE);
  const { env } = Object(spec)["template"].spec.containers[0];
  expect(env).toContainEqual({ name: "APP_ID", value: "2123456789" });
});

test("placeholders for secrets reach server.yaml as they are, and no Secret is made", async () => {
  const { data } = await pick("ConfigMap", SQLITE);
  expect(data?.["server.yaml"]).toMatch(/secret: \$\{XPOSER_PUBLISH_SECRET\}/);
  expect((await rendered(POSTGRES)).map(({ kind }) => kind)).not.toContain("Secret");
});

test("a claim outlives the release on SQLite, and there is none on PostgreSQL", async () => {
  const { metadata } = await pick("PersistentVolumeClaim", SQLITE);
  expect(metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
  expect((await rendered(POSTGRES)).map(({ kind }) => kind).sort()).toEqual([
    ...["ConfigMap", "Deployment", "Ingress", "NetworkPolicy", "Pod", "PodDisruptionBudget"],
    ...["Service", "ServiceAccount", "ServiceMonitor"],
  ]);
});

test("the image is named by its digest where there is one, else by the version of the program", async () => {
  const image = async (values: string) =>
    Object((await pick("Deployment", values)).spec)["template"].spec.containers[0].image;
  expect(await image(POSTGRES)).toMatch(/^registry\.example\.com\/chart-promoter@sha256:[0-9a-f]{64}$/);
  expect(await image(SQLITE)).toBe("chart-promoter:0.1.0");
});
