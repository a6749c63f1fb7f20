// An OCI registry as a chart repository.

import { afterEach, describe, expect, test } from "@jest/globals";
import { listVersions } from "../../src/charts/list-versions.ts";
import { lookUp, versions } from "../../src/charts/look-up.ts";
import {
  type OciRegistry,
  type OciRegistryOptions,
  startOciRegistry,
} from "../../src/sandbox/museum/oci-registry.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";
import { chartRepository } from "./repository.ts";

const login = { username: "reader", password: "secret" };
let registry: OciRegistry | undefined;
afterEach(() => registry?.close());

async function start(options: OciRegistryOptions = {}) {
  const started = await startOciRegistry(options);
  registry = started;
  for (const version of ["1.0.0", "1.1.0+build.7", "1.2.0-rc.1"])
    await started.pushChart(
      "team/charts",
      packChart({ name: "xposer", version, annotations: { note: version } }),
    );
  return { ...started, repository: chartRepository(`${started.url}/team/charts`, { kind: "oci" }) };
}

test("a version is found with the digests of its archive and of its manifest", async () => {
  const { repository, url, requests } = await start();
  const found = await lookUp(repository, { chart: "xposer", version: "1.1.0+build.7" });
  expect(found).toMatchObject({
    kind: "found",
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    manifestDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    metadata: { name: "xposer", version: "1.1.0+build.7", annotations: { note: "1.1.0+build.7" } },
    created: new Date("2026-01-02T03:04:05Z"),
    urls: [expect.stringContaining(`${url}/v2/team/charts/xposer/blobs/sha256:`)],
  });
  expect(requests[0]?.path).toBe("/v2/team/charts/xposer/manifests/1.1.0_build.7");
});

describe("signing in", () => {
  test.each([
    ["with basic", "basic", 4],
    ["with a token", "token", 4],
  ] as const)("%s happens once for a look-up", async (_name, kind, atMost) => {
    const { repository, requests } = await start({ auth: { kind, ...login } });
    const credentials = { kind: "basic", ...login } as const;
    expect(await lookUp({ ...repository, credentials }, { chart: "xposer", version: "1.0.0" })).toMatchObject(
      { kind: "found" },
    );
    expect(requests.length).toBeLessThanOrEqual(atMost);
  });

  test.each(["basic", "token"] as const)(
    "a wrong password for %s is unreachable, not missing",
    async (kind) => {
      const { repository } = await start({ auth: { kind, ...login } });
      const credentials = { kind: "basic", ...login, password: "wrong" } as const;
      expect(
        await lookUp({ ...repository, credentials }, { chart: "xposer", version: "1.0.0" }),
      ).toMatchObject({
        kind: "unreachable",
        problem: { code: "chart-repository-unreachable", message: expect.stringContaining("401") },
      });
      expect(await lookUp(repository, { chart: "xposer", version: "1.0.0" })).toMatchObject({
        kind: "unreachable",
      });
    },
  );
});

describe("missing is", () => {
  test.each([
    ["an unknown tag", "xposer", "9.9.9", "answered 404 MANIFEST_UNKNOWN"],
    ["an unknown chart", "none", "1.0.0", "answered 404 MANIFEST_UNKNOWN"],
    ["a tag that holds another version", "xposer", "1.1.0_build.7", "holds xposer 1.1.0+build.7 instead"],
    ["an image", "image", "1.0.0", "answered with something that is no Helm chart"],
  ])("%s", async (...[, chart, version, said]) => {
    const { repository, pushImage } = await start();
    pushImage("team/charts/image", "1.0.0");
    const answer = await lookUp(repository, { chart, version });
    expect(answer).toEqual({ kind: "missing", asked: expect.stringContaining(said) });
  });
});

test.each([
  [{ kind: "status", status: 404, body: "<html>" }],
  [{ kind: "status", status: 500 }],
  [{ kind: "status", status: 200, body: "<html>" }],
  [{ kind: "reset" }],
] as const)("%j is unreachable", async (fault) => {
  const { repository, faults } = await start();
  faults.add(fault);
  expect(await lookUp(repository, { chart: "xposer", version: "1.0.0" })).toMatchObject({
    kind: "unreachable",
  });
});

test("a config that is not what its digest says is not believed", async () => {
  const { repository, faults } = await start();
  faults.add(
    { kind: "status", status: 200, body: '{"name":"xposer","version":"1.0.0"}' },
    { match: /blobs/ },
  );
  expect(await lookUp(repository, { chart: "xposer", version: "1.0.0" })).toMatchObject({
    kind: "unreachable",
  });
});

describe("tags", () => {
  test("of the watched charts are listed page by page, those that are no version left out", async () => {
    const { repository, pushImage, requests } = await start({ pageSize: 2 });
    pushImage("team/charts/xposer", "sha256-1234.sig");
    const listed = await listVersions(repository, undefined, ["xposer", "none"]);
    if (listed.kind !== "changed") throw new Error(listed.kind);
    expect([...listed.versions]).toEqual([
      ["xposer", [{ version: "1.0.0" }, { version: "1.1.0+build.7" }, { version: "1.2.0-rc.1" }]],
    ]);
    expect(requests.filter(({ path }) => path.includes("xposer"))).toHaveLength(2);
    expect(await listVersions(repository, listed.validator, ["xposer", "none"])).toEqual({ kind: "same" });
  });

  test("that cannot be read fail the whole listing", async () => {
    const { repository, faults } = await start();
    faults.add({ kind: "status", status: 502 }, { match: /none/ });
    expect(await listVersions(repository, undefined, ["xposer", "none"])).toMatchObject({ kind: "failed" });
  });

  test("lead to every version's metadata", async () => {
    const { repository } = await start();
    const all = await versions(repository, "xposer");
    expect(all.ok && all.value.map(({ metadata }) => metadata.annotations["note"])).toEqual([
      "1.0.0",
      "1.1.0+build.7",
      "1.2.0-rc.1",
    ]);
    expect(await versions(repository, "none")).toEqual({ ok: true, value: [] });
  });
});
