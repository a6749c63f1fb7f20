// Charts in an OCI registry, which counts requests: from the announcement to the pull request and its check.

import { expect, test } from "@jest/globals";
import {
  type OciRegistry,
  type OciRegistryOptions,
  startOciRegistry,
} from "../../../src/sandbox/chartmuseum/oci-registry.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { closeAfterwards, live, testBed } from "../setting.ts";

const URL = "oci://registry.example.com/charts";
const LOGIN = { username: "reader", password: "secret" };

function note(version: string) {
  return { "artifacthub.io/changes": `- Change of ${version}` };
}

/** A test bed whose charts stand in a registry: xposer 1.0.0, and `count` versions 1.1.n, with token authentication. */
async function registryTestBed(
  count: number,
  environments: readonly string[],
  options: OciRegistryOptions = {},
): Promise<OciRegistry> {
  const registry = await startOciRegistry({ auth: { kind: "token", ...LOGIN }, ...options });
  closeAfterwards(registry.close);
  await registry.pushChart("charts", packChart({ name: "xposer", version: "1.0.0" }));
  for (let n = 1; n <= count; n += 1) {
    const version = `1.1.${n}`;
    await registry.pushChart("charts", packChart({ name: "xposer", version, annotations: note(version) }));
  }
  const files = environments.flatMap((name) => [
    [
      `${name}/Chart.yaml`,
      "apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- name: xposer\n  version: 1.0.0\n  repository: oci://registry.example.com/charts\n",
    ],
  ]);
  const config = environments.map((name) => `  ${name}:\n    path: ${name}\n`).join("");
  await live({
    files: { ".github/chart-promoter.yml": `environments:\n${config}`, ...Object.fromEntries(files) },
    chartRepository: {
      ...{ kind: "oci", url: URL, fetchFrom: `${registry.url}/charts` },
      credentials: { kind: "basic", ...LOGIN },
    },
  });
  return registry;
}

function checks(): readonly string[] {
  return [...testBed.repository().checkRuns.values()].map(({ output }) => output.title ?? "");
}

test("a pull request costs fewer than thirty requests, whatever the number of tags", async () => {
  const registry = await registryTestBed(300, ["dev"]);
  await testBed.announce({ version: "1.1.300" });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.1.300 in dev"]);
  expect(checks()).toEqual(["Good to merge: xposer 1.1.300 in dev"]);
  const { body } = testBed.repository().mustPull(1);
  expect(body).toContain("Change of 1.1.300");
  expect(body).toContain("Change of 1.1.290");
  expect(body).not.toContain("Change of 1.1.200");
  expect(body).toContain("Not every version on the way could be asked for its release notes");
  expect(registry.requests.length).toBeLessThan(30);
  expect(
    registry.requests.filter(({ method, path }) => method === "GET" && path.includes("/manifests/")).length,
  ).toBeLessThan(21);
});

test.each<[string, OciRegistryOptions]>([
  ["with short pages", { pageSize: 10 }],
  ["without annotations", { pushedBy: "old Helm" }],
  ["that asks for the password itself", { auth: { kind: "basic", ...LOGIN } }],
])("nor does a registry %s cost more", async (_, options) => {
  const registry = await registryTestBed(120, ["dev"], options);
  await testBed.announce({ version: "1.1.120" });
  await testBed.waitUntilIdle();
  expect(checks()).toEqual(["Good to merge: xposer 1.1.120 in dev"]);
  expect(registry.requests.length).toBeLessThan(30);
});

test("further environments cost little more, since they share what was read", async () => {
  const registry = await registryTestBed(40, ["dev", "staging", "prod"]);
  await testBed.announce({ version: "1.1.40" });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toHaveLength(3);
  expect(registry.requests.length).toBeLessThan(40);
});

test("a registry that has had enough in the middle costs the release notes and nothing else", async () => {
  const registry = await registryTestBed(5, ["dev"]);
  registry.faults.add({ kind: "status", status: 429 }, { match: /manifests\/1\.1\.3/ });
  await testBed.announce({ version: "1.1.5" });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.1.5 in dev"]);
  expect(checks()).toEqual(["Good to merge: xposer 1.1.5 in dev"]);
  const { body } = testBed.repository().mustPull(1);
  expect(body).toContain("Change of 1.1.4");
  expect(body).toContain("answered 429");
});
