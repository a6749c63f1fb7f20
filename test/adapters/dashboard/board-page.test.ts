// The largest page there is: how big it is, and how long it takes to make.

import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { boardPage, boardSections } from "../../../src/adapters/dashboard/pages/board-page.ts";
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

test("200 environments with 20 charts each are less than 500 kB, made in less than 200 ms", async () => {
  const repositories = [largest()];
  const make = async () =>
    String(await layout(boardPage(await boardSections({ repositories, at: NOW }, "https://github.com"))));
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
  const page = boardPage(await boardSections({ repositories, at: NOW }, "https://github.com"));
  expect(String(await layout(page))).not.toMatch(/<img|onerror="/);
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
