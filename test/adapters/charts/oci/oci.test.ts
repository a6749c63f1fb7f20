// An OCI registry as a chart repository.

import { afterEach, describe, expect, test } from "@jest/globals";
import { fetchArchive } from "../../../../src/adapters/charts/archive/fetch-archive.ts";
import { ChartSources } from "../../../../src/adapters/charts/chart-sources.ts";
import { type ListingQuery, listVersions } from "../../../../src/adapters/charts/list-versions.ts";
import { lookUp, lookUpAll } from "../../../../src/adapters/charts/look-up.ts";
import { released } from "../../../../src/adapters/charts/released.ts";
import type { ChartRepository } from "../../../../src/domain/model/config/settings.ts";
import {
  type OciRegistry,
  type OciRegistryOptions,
  startOciRegistry,
} from "../../../../src/sandbox/chartmuseum/oci-registry.ts";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { Fault } from "../../../../src/sandbox/chartmuseum/stand-in.ts";
import { chartRepository } from "../repository.ts";

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

test("of many versions the first ten are asked for, each by itself", async () => {
  const { repository } = await start();
  const versions = ["1.0.0", ...Array.from({ length: 20 }, (_, n) => `3.0.${n}`)];
  const answers = await lookUpAll(
    repository,
    versions.map((version) => ({ chart: "xposer", version })),
  );
  expect(answers.map(({ kind }) => kind)).toEqual(["found", ...Array.from({ length: 9 }, () => "missing")]);
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

  const bearer = (realm: string) =>
    `Bearer realm="${realm}",service="offline",scope="repository:team/charts/xposer:pull"`;

  test.each<[string, "basic" | "token", (realm: string) => string]>([
    [
      "Bearer, then Basic, as Gitea and Forgejo",
      "token",
      (realm) => `${bearer(realm)}, Basic realm="${realm}"`,
    ],
    ["Basic, then Bearer", "token", (realm) => `Basic realm="${realm}", ${bearer(realm)}`],
    ["Negotiate before Basic", "basic", () => 'Negotiate, Basic realm="x"'],
    ["Negotiate before Bearer", "token", (realm) => `Negotiate YII=, ${bearer(realm)}`],
    ["Bearer without a place for a token, then Basic", "basic", () => 'Bearer service="s", Basic realm="x"'],
    ["Bearer that gives no token, then Basic", "basic", (realm) => `${bearer(realm)}, Basic realm="x"`],
    ["Bearer without quotes", "token", (realm) => bearer(realm).replaceAll('"', "")],
    ["a scheme in small letters", "basic", () => "basic"],
  ])("works where the registry offers %s", async (...[, kind, challenge]) => {
    const { repository } = await start({ auth: { kind, ...login, challenge } });
    const credentials = { kind: "basic", ...login } as const;
    expect(await lookUp({ ...repository, credentials }, { chart: "xposer", version: "1.0.0" })).toMatchObject(
      { kind: "found" },
    );
  });

  test("a registry that names very many token services has two of them asked", async () => {
    const many = (realm: string) => Array.from({ length: 100 }, () => bearer(realm)).join(", ");
    const { repository, requests } = await start({ auth: { kind: "basic", ...login, challenge: many } });
    await lookUp(repository, { chart: "xposer", version: "1.0.0" });
    expect(requests.filter(({ path }) => path.startsWith("/token"))).toHaveLength(2);
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
  ])("%s", async (...[, chart, version, problem]) => {
    const { repository, pushImage } = await start();
    pushImage("team/charts/image", "1.0.0");
    const answer = await lookUp(repository, { chart, version });
    expect(answer).toEqual({ kind: "missing", requested: expect.stringContaining(problem) });
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
  const VERSIONS = [{ version: "1.0.0" }, { version: "1.1.0+build.7" }, { version: "1.2.0-rc.1" }];
  const PAGES = [["xposer", VERSIONS]];

  async function listed(repository: ChartRepository, about: ListingQuery = { chart: "xposer" }) {
    const answer = await listVersions(repository, about);
    return answer.kind === "changed" ? [...answer.versions] : answer;
  }

  test("of one chart are listed page by page, those that are no version left out", async () => {
    const { repository, pushImage, requests } = await start({ pageSize: 2 });
    pushImage("team/charts/xposer", "sha256-1234.sig");
    const first = await listVersions(repository, { chart: "xposer" });
    if (first.kind !== "changed") throw new Error(first.kind);
    expect([...first.versions]).toEqual(PAGES);
    expect(requests).toHaveLength(2);
    const { validator: previous } = first;
    expect(await listVersions(repository, { chart: "xposer", previous })).toEqual({ kind: "same" });
    expect(await listed(repository, { chart: "none" })).toEqual([["none", []]]);
  });

  test.each<[string, NonNullable<OciRegistryOptions["link"]>]>([
    ["a path", (next) => `<${next}>; rel="next"`],
    ["a query alone", (next) => `<${next.slice(next.indexOf("?"))}>; rel="next"`],
    ["a relative path", (next) => `<${next.slice(next.lastIndexOf("/") + 1)}>;rel=next`],
    ["another host, as behind a proxy", (next) => `<https://internal.example.com${next}>; rel="next"`],
    ["one among others", (next) => `</v2/>; rel="first", <${next}>; title="a, b"; rel="next"`],
  ])("are listed where the next page is named by %s", async (_name, link) => {
    const { repository } = await start({ pageSize: 1, link });
    expect(await listed(repository)).toEqual(PAGES);
  });

  test("with a v in front are versions like others, which keep it", async () => {
    const { repository, pushChart } = await start();
    await pushChart("team/charts", packChart({ name: "xposer", version: "v2.0.0" }));
    expect(await listed(repository)).toEqual([["xposer", [...VERSIONS, { version: "v2.0.0" }]]]);
    expect(await lookUp(repository, { chart: "xposer", version: "v2.0.0" })).toMatchObject({
      metadata: { version: "v2.0.0" },
    });
  });

  test.each([
    ["2.0.0", "v2.0.0"],
    ["v2.0.0", "2.0.0"],
    ["2.0.0", "2.0.0+build.1"],
  ])("such as %s may hold %s, as for Helm", async (tag, version) => {
    const { repository, pushChart, retag, removeTag } = await start();
    await pushChart("team/charts", packChart({ name: "xposer", version }));
    retag("team/charts/xposer", version.replace("+", "_"), tag);
    removeTag("team/charts/xposer", version.replace("+", "_"));
    expect(await lookUp(repository, { chart: "xposer", version: tag })).toMatchObject({
      kind: "found",
      metadata: { version },
    });
    expect(await lookUp(repository, { chart: "xposer", version: "2.0.1" })).toMatchObject({
      kind: "missing",
    });
  });

  test.each<[Fault, object]>([
    [
      { kind: "status", status: 403 },
      { why: "denied", isWholeServer: false },
    ],
    [
      { kind: "status", status: 401 },
      { why: "denied", isWholeServer: false },
    ],
    [
      { kind: "status", status: 404, body: "<html>" },
      { why: "trouble", isWholeServer: false },
    ],
    [
      { kind: "status", status: 500 },
      { why: "trouble", isWholeServer: false },
    ],
    [
      { kind: "status", status: 429, headers: { "retry-after": "90" } },
      { retryAfterMs: 90_000, isWholeServer: true },
    ],
    [{ kind: "status", status: 503, headers: { "retry-after": "7200" } }, { retryAfterMs: 3_600_000 }],
    [{ kind: "reset" }, { why: "trouble", isWholeServer: true }],
  ])("that cannot be read for %j say how bad it is", async (fault, problem) => {
    const { repository, faults } = await start();
    faults.add(fault);
    expect(await listed(repository)).toMatchObject({ kind: "failed", ...problem });
  });
});

describe("the versions that a promotion passes", () => {
  const login = { kind: "token", username: "reader", password: "secret" } as const;

  async function many(count: number, options: OciRegistryOptions = {}) {
    const server = await start({ auth: login, ...options });
    for (let n = 1; n <= count; n += 1)
      await server.pushChart(
        "team/charts",
        packChart({ name: "xposer", version: `2.0.${n}`, annotations: { note: String(n) } }),
      );
    const credentials = { kind: "basic", username: "reader", password: "secret" } as const;
    return { ...server, repository: { ...server.repository, credentials }, sources: new ChartSources() };
  }

  test("are read from their manifests, those beside the way are not", async () => {
    const { repository, sources, requests } = await many(6);
    const found = await released(repository, { chart: "xposer", from: "2.0.2", to: "2.0.5" }, sources);
    expect(found.incomplete).toBeUndefined();
    expect(
      found.versions.map(({ metadata: { version, annotations }, created }) => [
        version,
        annotations["note"],
        created,
      ]),
    ).toEqual(
      ["2.0.5", "2.0.4", "2.0.3"].map((version) => [
        version,
        version.slice(4),
        new Date("2026-01-02T03:04:05Z"),
      ]),
    );
    const before = requests.length;
    await released(repository, { chart: "xposer", from: "2.0.2", to: "2.0.5" }, sources);
    expect(requests.length - before).toBe(1);
  });

  test("cost fewer than thirty requests, with all else, whatever the number of tags", async () => {
    const { repository, sources, requests } = await many(300);
    const wanted = { chart: "xposer", version: "2.0.300" };
    const looked = await lookUp(repository, wanted, sources);
    const digest = looked.kind === "found" ? (looked.digest ?? "") : "";
    const found = await released(repository, { chart: "xposer", from: "1.9.9", to: "2.0.300" }, sources);
    expect(found.versions).toHaveLength(300);
    expect(found.versions.filter(({ metadata }) => "note" in metadata.annotations)).toHaveLength(14);
    expect(found.incomplete).toContain("14");
    expect(await fetchArchive(repository, { ...wanted, digest }, sources)).toMatchObject({ ok: true });
    const old = { chart: "xposer", version: "1.0.0" };
    expect(await fetchArchive(repository, old, sources)).toMatchObject({ ok: true });
    expect(await lookUp(repository, { ...wanted, since: new Date() }, sources)).toMatchObject({
      kind: "found",
    });
    expect(requests.length).toBeLessThan(30);
  });

  test.each([
    ["annotations", {}, 14],
    ["none, pushed by an old Helm", { pushedBy: "old Helm" }, 7],
  ] as const)("are read with %s", async (_name, options, count) => {
    const { repository, sources } = await many(20, options);
    const found = await released(repository, { chart: "xposer", from: "1.9.9", to: "2.0.20" }, sources);
    expect(found.versions.filter(({ metadata }) => "note" in metadata.annotations)).toHaveLength(count);
    expect(found.incomplete).toBe(`only the newest ${count} are read`);
  });

  test("and not all of a registry with very many pages", async () => {
    const { repository, sources, requests } = await many(20, { pageSize: 2 });
    const found = await released(repository, { chart: "xposer", from: "1.9.9", to: "2.0.20" }, sources);
    expect(found.incomplete).toContain("more tags");
    expect(requests.length).toBeLessThan(20);
  });

  test("cost nothing but themselves when the registry has had enough", async () => {
    const { repository, sources, faults } = await many(4);
    faults.add({ kind: "status", status: 429 }, { match: /manifests.2\.0\.2/ });
    const found = await released(repository, { chart: "xposer", from: "1.9.9", to: "2.0.4" }, sources);
    expect(found.incomplete).toContain("answered 429");
    expect(
      found.versions.map(({ metadata: { version, annotations } }) => [version, annotations["note"]]),
    ).toEqual([
      ["2.0.4", "4"],
      ["2.0.3", "3"],
      ["2.0.2", undefined],
      ["2.0.1", undefined],
    ]);
  });
});
