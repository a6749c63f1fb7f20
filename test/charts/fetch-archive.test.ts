// Packed charts and their provenance, fetched from every kind of chart repository.

import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { archiveCache } from "../../src/charts/archive-cache.ts";
import { fetchArchive, fetchProvenance } from "../../src/charts/fetch-archive.ts";
import type { ChartRepository } from "../../src/model/settings.ts";
import { startMuseum } from "../../src/sandbox/museum/museum.ts";
import { startOciRegistry } from "../../src/sandbox/museum/oci-registry.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";
import { startPlainIndex } from "../../src/sandbox/museum/plain-index.ts";
import { type StandIn, startStandIn } from "../../src/sandbox/museum/stand-in.ts";
import { chartRepository } from "./repository.ts";

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
