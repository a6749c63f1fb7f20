// ChartMuseum as a chart repository: what counts as found, as missing, and as no answer at all.

import { afterEach, describe, expect, test } from "@jest/globals";
import { ChartSources } from "../../../src/adapters/charts/chart-sources.ts";
import { museumApi } from "../../../src/adapters/charts/chartmuseum.ts";
import { lookUp, lookUpAll } from "../../../src/adapters/charts/look-up.ts";
import { type Museum, startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import type { MuseumOptions } from "../../../src/sandbox/chartmuseum/museum-state.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { Fault } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { chartRepository } from "./repository.ts";

let museum: Museum | undefined;
afterEach(() => museum?.close());

async function start(options: MuseumOptions = {}): Promise<Museum> {
  museum = await startMuseum(options);
  for (const version of ["1.2.5", "1.3.0+build.7"])
    await museum.upload(packChart({ name: "xposer", version, appVersion: "7" }));
  return museum;
}

test("a version that is there is found with its digest, metadata and time", async () => {
  const { url } = await start();
  const found = await lookUp(chartRepository(url), { chart: "xposer", version: "1.2.5" });
  expect(found).toMatchObject({
    kind: "found",
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    metadata: { name: "xposer", version: "1.2.5", appVersion: "7", deprecated: false },
    urls: ["charts/xposer-1.2.5.tgz"],
    created: expect.any(Date),
  });
});

test("build metadata is asked for as written", async () => {
  const { url, requests } = await start();
  expect(await lookUp(chartRepository(url), { chart: "xposer", version: "1.3.0+build.7" })).toMatchObject({
    kind: "found",
  });
  expect(requests.map(({ path }) => path)).toEqual(["/api/charts/xposer/1.3.0%2Bbuild.7"]);
});

describe("a healthy answer that says no is a missing version", () => {
  test.each([
    ["xposer", "9.9.9", '404 "no chart version found for xposer-9.9.9"'],
    ["none", "1.0.0", '404 "no chart name found"'],
    ["xposer", "release-1", '404 "improper constraint: "release-1""'],
    ["xposer", "1.2", "with xposer 1.2.5 instead"],
    ["xposer", "^1.0.0", "with xposer 1.3.0+build.7 instead"],
    ["xposer", "1.3.0+build.8", "with xposer 1.3.0+build.7 instead"],
  ])("%s %s: answered %s", async (chart, version, answer) => {
    const { url } = await start();
    const path = `/api/charts/${chart}/${encodeURIComponent(version)}`;
    expect(await lookUp(chartRepository(url), { chart, version })).toEqual({
      kind: "missing",
      requested: `GET ${url}${path} answered ${answer}`,
    });
  });

  test.each(["..", "a/b", ""])("nothing is asked for the impossible name %j", async (chart) => {
    const { url, requests } = await start();
    expect(await lookUp(chartRepository(url), { chart, version: "1.0.0" })).toMatchObject({
      kind: "missing",
    });
    expect(requests).toEqual([]);
  });
});

describe("anything else is an unreachable repository", () => {
  const status = (code: number, body: string): Fault => ({ kind: "status", status: code, body });
  test.each<[string, Fault]>([
    ['answered 401 "no"', status(401, "no")],
    ['answered 403 "no"', status(403, "no")],
    ["answered 404", status(404, "")],
    ['answered 404 "<h1>Not Found</h1>"', status(404, "<h1>Not\nFound</h1>")],
    ['answered 404 "{"error":"not found"}"', status(404, '{"error":"not found"}')],
    ["answered 500", status(500, "")],
    ["answered 503", status(503, "")],
    ['answered 200 "<html>"', status(200, "<html>")],
    ['answered 200 "{}"', status(200, "{}")],
    ["answered 200", status(200, "")],
    ["failed: ECONNRESET: read ECONNRESET", { kind: "reset" }],
    ["failed: ECONNRESET: aborted", { kind: "truncated" }],
  ])("%s", async (message, fault) => {
    const { url, faults } = await start();
    faults.add(fault);
    const answer = await lookUp(chartRepository(url), { chart: "xposer", version: "1.2.5" });
    expect(answer).toMatchObject({
      kind: "unreachable",
      problem: {
        code: "chart-repository-unreachable",
        message: `Chart repository "stakater" gave no healthy answer: GET ${url}/api/charts/xposer/1.2.5 ${message}.`,
      },
    });
  });

  test("a closed port", async () => {
    const { url, close } = await start();
    await close();
    expect(await lookUp(chartRepository(url), { chart: "xposer", version: "1.2.5" })).toMatchObject({
      kind: "unreachable",
      problem: { message: expect.stringContaining("ECONNREFUSED") },
    });
  });
});

describe("several versions of one chart", () => {
  const wanted = ["1.3.0+build.7", "1.2", "9.9.9", "a/b", "1.2.5"].map((version) => ({
    chart: "xposer",
    version,
  }));

  test("are answered by one request, each as if it were asked for by itself", async () => {
    const { url, requests } = await start();
    const repository = chartRepository(url);
    const answers = await lookUpAll(repository, wanted);
    expect(requests.map(({ path }) => path)).toEqual(["/api/charts/xposer"]);
    const lists = { kind: "missing", requested: `GET ${url}/api/charts/xposer lists 2 other versions` };
    expect(answers.slice(1, 3)).toEqual([lists, lists]);
    for (const n of [0, 3, 4]) expect(answers[n]).toEqual(await lookUp(repository, Object(wanted[n])));
    expect(answers.map(({ kind }) => kind)).toEqual(["found", "missing", "missing", "missing", "found"]);
  });

  test("of a chart that is not there are missing", async () => {
    const { url } = await start();
    const requested = `GET ${url}/api/charts/none answered 404 "chart not found"`;
    const none = ["1.0.0", "2.0.0"].map((version) => ({ chart: "none", version }));
    expect(await lookUpAll(chartRepository(url), none)).toEqual(
      none.map(() => ({ kind: "missing", requested })),
    );
  });

  test("are asked for once where the repository is in trouble", async () => {
    const { url, faults, requests } = await start();
    faults.add({ kind: "status", status: 503 });
    const answers = await lookUpAll(chartRepository(url), wanted);
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["unreachable", "missing"]));
    expect(requests).toHaveLength(1);
  });

  test("are asked for by themselves, the first ten of them, where the list is too large", async () => {
    const { url, faults, requests } = await start();
    faults.add({ kind: "status", status: 200, body: new Uint8Array(5 * 2 ** 20) }, { times: 1 });
    const more = Array.from({ length: 10 }, (_, n) => ({ chart: "xposer", version: `2.0.${n}` }));
    const answers = await lookUpAll(chartRepository(url), [...wanted, ...more]);
    expect(answers.map(({ kind }) => kind)).toEqual([
      ...["found", "missing", "missing", "missing", "found"],
      ...Array.from({ length: 5 }, () => "missing"),
    ]);
    expect(requests).toHaveLength(10);
  });

  test("are asked for by themselves at once, where the list was too large before", async () => {
    const { url, faults, requests } = await start();
    faults.add({ kind: "status", status: 200, body: new Uint8Array(5 * 2 ** 20) }, { times: 1 });
    const sources = new ChartSources();
    const lookUpChart = async (of = wanted) => {
      const before = requests.length;
      await lookUpAll(chartRepository(url), of, sources);
      return requests.slice(before).map(({ path }) => path);
    };
    const [list, ...each] = await lookUpChart();
    expect(list).toBe("/api/charts/xposer");
    expect((await lookUpChart()).toSorted()).toEqual(each.toSorted());
    const others = ["1.0.0", "2.0.0"].map((version) => ({ chart: "other", version }));
    expect(await lookUpChart(others)).toEqual(["/api/charts/other"]);
  });
});

test("basic credentials open a guarded repository", async () => {
  const { url } = await start({ basicAuth: { username: "reader", password: "pässword" } });
  const credentials = { kind: "basic", username: "reader", password: "pässword" } as const;
  expect(
    await lookUp(chartRepository(url, { credentials }), { chart: "xposer", version: "1.2.5" }),
  ).toMatchObject({
    kind: "found",
  });
  expect(await lookUp(chartRepository(url), { chart: "xposer", version: "1.2.5" })).toMatchObject({
    kind: "unreachable",
  });
});

test("the interface of a tenant or below a context path is tried in turn", () => {
  expect(museumApi("https://charts.example.com")).toEqual(["https://charts.example.com/api/charts"]);
  expect(museumApi("https://example.com/org/repo")).toEqual([
    "https://example.com/api/org/repo/charts",
    "https://example.com/org/api/repo/charts",
    "https://example.com/org/repo/api/charts",
  ]);
});
