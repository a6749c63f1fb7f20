// The largest page there is: how big it is, and how long it takes to make.

import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { boardPage, boardPages, boardSection } from "../../../src/adapters/dashboard/pages/board-page.ts";
import { layout } from "../../../src/adapters/dashboard/pages/layout.ts";
import { type BoardCell, type BoardRepository, cellsOf, chartsOf } from "../../../src/domain/board/board.ts";

const NOW = new Date("2026-11-29T12:00:00Z");
const REPOSITORY_ID = 912_345_678;
const SINCE = new Date("2026-11-20T12:00:00Z");

function cell(n: number): BoardCell {
  const check = { conclusion: "failure", title: "It fails", isHeld: false } as const;
  const open = { publishId: crypto.randomUUID(), version: `1.24.${n}`, pullRequest: n, since: SINCE, check };
  return { present: "1.23.4", isBehind: true, open };
}

/** Every cell with an open promotion whose check fails, every environment held and deployed. */
function largest(): BoardRepository {
  const charts = Array.from({ length: 20 }, (_, n) => ({ name: `some-service-${n}`, newest: "1.24.999" }));
  const environments = Array.from({ length: 200 }, (_, row) => ({
    name: `cluster-eu-central-${row}`,
    last: {
      ...{ repositoryId: REPOSITORY_ID, environment: `cluster-eu-central-${row}`, sha: "0".repeat(40) },
      ...{ pullRequest: 4_000 + row, promotions: [], deployers: [], state: "success" as const },
      ...{ createdAt: SINCE, changedAt: SINCE },
    },
    hold: { by: "windows", reason: "outside its windows for deployments", until: NOW } as const,
    cells: new Map(charts.map(({ name }, n) => [name, cell(row * 20 + n)] as const)),
  }));
  return { id: REPOSITORY_ID, name: "acme/platform-configuration", charts, environments };
}

async function pageOf(repositories: readonly BoardRepository[]): Promise<string> {
  const about = { at: NOW, githubWeb: "https://github.com" };
  const sections = await Promise.all(repositories.map((one) => boardSection(one, about)));
  return String(await layout(boardPage({ sections, number: 1, pages: 1 })));
}

function repositoryOf(id: number, environments: number, charts: number): BoardRepository {
  const columns = Array.from({ length: charts }, (_, n) => ({ name: `chart-${n}` }));
  const cells = new Map(columns.map(({ name }) => [name, { present: "1.0.0", isBehind: false }] as const));
  const rows = Array.from({ length: environments }, (_, n) => ({ name: `e${n}`, cells }));
  return { id, name: `acme/config-${id}`, charts: columns, environments: rows };
}

test("a table has as many columns as there is room for, and says how many charts have none", async () => {
  const text = await pageOf([repositoryOf(1, 490, 15_000)]);
  expect(text.match(/<tr><th scope="row">/g)?.length).toBe(490);
  expect(text.match(/<th scope="col"><a/g)?.length).toBe(10);
  expect(text).toContain("14,990 more charts have no column here. ");
  expect(await pageOf([repositoryOf(1, 1, 1_000)])).not.toContain("no column here");
});

test("repositories are on pages, each once and in their order", () => {
  const small = Array.from({ length: 250 }, (_, n) => repositoryOf(n, 2, 3));
  expect(boardPages(small).map((page) => page.length)).toEqual([100, 100, 50]);
  const large = Array.from({ length: 10 }, (_, n) => repositoryOf(n, 490, 15_000));
  expect(boardPages(large).map((page) => page.length)).toEqual([3, 3, 3, 1]);
  expect(boardPages([...small, ...large]).flat()).toEqual([...small, ...large]);
  expect(boardPages([])).toEqual([[]]);
});

test("200 environments with 20 charts each are less than 500 kB, made in less than 200 ms", async () => {
  const repositories = [largest()];
  const make = async () => pageOf(repositories);
  const text = await make();
  expect(text.match(/<td>/g)?.length).toBe(200 * 21);
  expect(text.match(/to 1\.24\./g)?.length).toBe(4_000);
  expect(Buffer.byteLength(text)).toBeLessThan(500_000);
  expect(gzipSync(text).length).toBeLessThan(60_000);
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const start = performance.now();
    await make();
    times.push(performance.now() - start);
  }
  expect(Math.min(...times)).toBeLessThan(200);
});

test("what people wrote is text, wherever it stands", async () => {
  const hostile = `<img src=x onerror="alert(1)">'`;
  const repository: BoardRepository = {
    ...{ id: 1, name: hostile, charts: [{ name: hostile, newest: hostile }] },
    environments: [
      {
        name: hostile,
        hold: { by: "freeze", reason: hostile },
        cells: new Map([[hostile, { present: hostile, isBehind: false }]]),
      },
    ],
  };
  const repositories = [repository, { ...repository, broken: hostile }];
  expect(await pageOf(repositories)).not.toMatch(/<img|onerror="/);
});

test("a chart's entries are one cell, with the version that is furthest behind", () => {
  const entry = { repositoryId: 1, environment: "dev", chart: "xposer", chartRepository: "main" };
  const dependents = [
    { ...entry, key: "one", version: "1.2.0" },
    { ...entry, key: "two", version: "1.1.0" },
    { ...entry, key: "three" },
    { ...entry, key: "other", chart: "other" },
  ];
  const facts = { dependents, newest: new Map([["main/xposer", "1.2.0"]]), open: new Map() };
  expect(chartsOf(facts)).toEqual([{ name: "other" }, { name: "xposer", newest: "1.2.0" }]);
  expect([...cellsOf("dev", facts)]).toEqual([
    ["xposer", { present: "1.1.0", isBehind: true }],
    ["other", { isBehind: false }],
  ]);
});
