// Packed charts and their provenance, fetched from every kind of chart repository.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import { archiveCache } from "../../../../src/adapters/charts/archive/archive-cache.ts";
import { fetchArchive, fetchProvenance } from "../../../../src/adapters/charts/archive/fetch-archive.ts";
import type { ChartRepository } from "../../../../src/domain/model/config/settings.ts";
import { startMuseum } from "../../../../src/sandbox/chartmuseum/museum.ts";
import { startOciRegistry } from "../../../../src/sandbox/chartmuseum/oci-registry.ts";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import { startPlainIndex } from "../../../../src/sandbox/chartmuseum/plain-index.ts";
import { type StandIn, startStandIn } from "../../../../src/sandbox/chartmuseum/stand-in.ts";
import { chartRepository } from "../repository.ts";

const PACKED = packChart({ name: "xposer", version: "1.0.0+b.1" });
const DIGEST = `sha256:${createHash("sha256").update(PACKED).digest("hex")}`;
const OTHER = `sha256:${"0".repeat(64)}`;
const NAME = { chart: "xposer", version: "1.0.0+b.1" };
const credentials = { kind: "basic", username: "reader", password: "secret" } as const;

const running: StandIn[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

function kept<T extends StandIn>(server: T): T {
  running.push(server);
  return server;
}

type Started = StandIn & { readonly repository: ChartRepository };

async function museum(): Promise<Started> {
  const server = kept(await startMuseum({ basicAuth: credentials }));
  await server.upload(PACKED, "signed");
  return { ...server, repository: chartRepository(server.url, { credentials }) };
}

async function plainIndex(): Promise<Started> {
  const server = kept(await startPlainIndex());
  await server.add(PACKED, "signed");
  return { ...server, repository: chartRepository(server.url, { kind: "index" }) };
}

async function registry(): Promise<Started> {
  const server = kept(await startOciRegistry({ auth: { ...credentials, kind: "token" } }));
  await server.pushChart("charts", PACKED, "signed");
  return { ...server, repository: chartRepository(`${server.url}/charts`, { kind: "oci", credentials }) };
}

describe.each([
  ["ChartMuseum", museum],
  ["an index", plainIndex],
  ["an OCI registry", registry],
])("from %s", (_name, start) => {
  test("come the bytes and their digest", async () => {
    const { repository } = await start();
    const fetched = await fetchArchive(repository, { ...NAME, digest: DIGEST });
    expect(fetched).toMatchObject({ ok: true, value: { digest: DIGEST } });
    expect(fetched.ok && Buffer.compare(fetched.value.packed, PACKED)).toBe(0);
    expect(await fetchProvenance(repository, NAME)).toEqual({ ok: true, value: "signed" });
  });

  test("another digest is refused", async () => {
    const { repository } = await start();
    expect(await fetchArchive(repository, { ...NAME, digest: OTHER })).toMatchObject({
      problems: [
        { code: "chart-digest", message: expect.stringContaining(`digest ${DIGEST}, not ${OTHER}`) },
      ],
    });
  });

  test("a version that is not there is missing", async () => {
    const { repository } = await start();
    expect(await fetchArchive(repository, { ...NAME, version: "2.0.0" })).toMatchObject({
      problems: [{ code: "chart-missing" }],
    });
  });

  test.each([
    { kind: "status", status: 503 },
    { kind: "status", status: 401 },
    { kind: "reset" },
    { kind: "truncated" },
  ] as const)("%j says nothing about it", async (fault) => {
    const { repository, faults } = await start();
    faults.add(fault);
    expect(await fetchArchive(repository, NAME)).toMatchObject({
      problems: [{ code: "chart-repository-unreachable" }],
    });
  });
});

test("what is said to be compressed for the way comes as it was sent, as Helm saves it", async () => {
  const headers = { "content-encoding": "gzip" };
  const prov = gzipSync("signed");
  const server = kept(
    await startStandIn(({ url }) => ({
      status: 200,
      headers,
      body: url.pathname.endsWith(".prov") ? prov : PACKED,
    })),
  );
  const urls = [`${server.url}/xposer.tgz`];
  for (const kind of ["index", "chartmuseum"] as const) {
    const repository = chartRepository(server.url, { kind });
    const fetched = await fetchArchive(repository, { ...NAME, urls, digest: DIGEST });
    expect(fetched).toMatchObject({ ok: true, value: { digest: DIGEST } });
    const provenance = await fetchProvenance(repository, { ...NAME, urls });
    expect(provenance).toEqual({ ok: true, value: prov.toString("utf8") });
  }
});

test("an archive of more than 20 MiB is not read to its end", async () => {
  const server = kept(await startStandIn(() => ({ status: 200, body: Buffer.alloc(21 * 1024 * 1024) })));
  expect(await fetchArchive(chartRepository(server.url), NAME)).toMatchObject({
    problems: [{ message: expect.stringContaining("failed: more than 20 MiB") }],
  });
});

describe("credentials", () => {
  test("are not sent to another origin that a repository redirects to", async () => {
    const store = kept(await startStandIn(() => ({ status: 200, body: PACKED })));
    const location = `${store.url}/x.tgz`;
    const front = kept(await startStandIn(() => ({ status: 302, headers: { location } })));
    expect(await fetchArchive(chartRepository(front.url, { credentials }), NAME)).toMatchObject({ ok: true });
    expect(front.requests[0]?.headers["authorization"]).toMatch(/^Basic /);
    expect(store.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  test("are not sent to another origin that an index names", async () => {
    const store = kept(await startStandIn(() => ({ status: 200, body: PACKED })));
    const urls = [`${store.url}/x.tgz`];
    const repository = chartRepository("http://127.0.0.1:1", { kind: "index", credentials });
    expect(await fetchArchive(repository, { ...NAME, urls })).toMatchObject({ ok: true });
    expect(store.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  test("are sent to other hosts that an index names where the operator wants it, as with helm --pass-credentials", async () => {
    const store = kept(await startStandIn(() => ({ status: 200, body: PACKED })));
    const urls = [`${store.url}/x.tgz`];
    const repository = chartRepository("http://127.0.0.1:1", {
      kind: "index",
      credentials,
      passCredentials: true,
    });
    expect(await fetchArchive(repository, { ...NAME, urls })).toMatchObject({ ok: true });
    expect(store.requests[0]?.headers["authorization"]).toMatch(/^Basic /);
  });

  test("follow a redirect within the origin", async () => {
    const server = kept(
      await startStandIn(({ url }) =>
        url.pathname === "/there"
          ? { status: 200, body: PACKED }
          : { status: 307, headers: { location: "/there" } },
      ),
    );
    await fetchArchive(chartRepository(server.url, { credentials }), NAME);
    expect(server.requests[1]?.headers["authorization"]).toMatch(/^Basic /);
  });
});

describe("an index that lists an address in a registry", () => {
  async function listed(
    address: (host: string) => string,
    options: Parameters<typeof startOciRegistry>[0] = {},
  ) {
    const server = kept(await startOciRegistry(options));
    await server.pushChart("bitnamicharts", PACKED, "signed");
    const urls = [`oci://${address(new URL(server.url).host)}`];
    return { ...server, name: { ...NAME, urls } };
  }
  const index = chartRepository("http://127.0.0.1:1", { kind: "index" });

  test.each<[string, (host: string) => string]>([
    ["with its tag", (host) => `${host}/bitnamicharts/xposer:1.0.0_b.1`],
    ["with the version as its tag", (host) => `${host}/bitnamicharts/xposer:1.0.0+b.1`],
    ["without a tag", (host) => `${host}/bitnamicharts/xposer`],
  ])("%s is read there", async (_name, address) => {
    const { name } = await listed(address);
    expect(await fetchArchive(index, { ...name, digest: DIGEST })).toMatchObject({
      value: { digest: DIGEST },
    });
    expect(await fetchProvenance(index, name)).toEqual({ ok: true, value: "signed" });
  });

  test("and holds something else is told", async () => {
    const { name } = await listed((host) => `${host}/bitnamicharts/xposer:2.0.0`);
    expect(await fetchArchive(index, name)).toMatchObject({ problems: [{ code: "chart-missing" }] });
    const bad = { ...name, urls: ["oci://%%"] };
    expect(await fetchArchive(index, bad)).toMatchObject({
      problems: [{ message: expect.stringContaining("names no chart in a registry") }],
    });
  });

  test("sends the login there only where the operator wants it", async () => {
    const auth = { ...credentials, kind: "basic" } as const;
    const { name } = await listed((host) => `${host}/bitnamicharts/xposer:1.0.0_b.1`, { auth });
    const withLogin = { ...index, credentials };
    expect(await fetchArchive(withLogin, name)).toMatchObject({
      problems: [{ message: expect.stringContaining("401") }],
    });
    expect(await fetchArchive({ ...withLogin, passCredentials: true }, name)).toMatchObject({ ok: true });
  });
});

test("an address that the repository tells others is read where the bot reads", async () => {
  const { repository, requests } = await plainIndex();
  const other = { ...repository, url: "https://charts.example.com" };
  const urls = ["https://charts.example.com/xposer-1.0.0+b.1.tgz"];
  expect(await fetchArchive(other, { ...NAME, urls })).toMatchObject({ ok: true });
  expect(requests.map(({ path }) => path)).toEqual(["/xposer-1.0.0+b.1.tgz"]);
});

test.each([
  ["endless redirects", () => ({ status: 302, headers: { location: "/again" } }), "more than 5 redirects"],
  [
    "a redirect to a file",
    () => ({ status: 302, headers: { location: "file:///etc/passwd" } }),
    "no web address",
  ],
])("%s end", async (_name, answer, why) => {
  const server = kept(await startStandIn(answer));
  expect(await fetchArchive(chartRepository(server.url), NAME)).toMatchObject({
    problems: [{ message: expect.stringContaining(why) }],
  });
});

test("the cache keeps what was used last", () => {
  const cache = archiveCache(10);
  cache.put("a", new Uint8Array(4));
  cache.put("b", new Uint8Array(4));
  cache.get("a");
  cache.put("c", new Uint8Array(4));
  cache.put("huge", new Uint8Array(11));
  expect(["a", "b", "c", "huge"].map((digest) => cache.get(digest)?.length)).toEqual([
    4,
    undefined,
    4,
    undefined,
  ]);
});
