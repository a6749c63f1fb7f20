// However many environments and branches are asked about, each is asked about once, in documents that GitHub takes.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { byDocument, joinSnapshots } from "../../../src/adapters/github/queries/by-document.ts";
import type { EnvironmentQuery } from "../../../src/domain/model/github/observed-state.ts";
import type { Snapshot } from "../../../src/domain/model/github/snapshot.ts";

const MOST = 100;

function environments(branches: readonly number[]): readonly EnvironmentQuery[] {
  return branches.map((count, at) => ({
    ...{ name: `e${at}`, path: `e${at}`, branch: "main", files: [] },
    branches: Array.from({ length: count }, (_, n) => `promote/e${at}/c${n}`),
  }));
}

const counts = fc.array(fc.integer({ min: 0, max: 3 * MOST }), { maxLength: 250 });

test("every environment and branch once and in their order, at most a hundred of each in a document", () => {
  fc.assert(
    fc.property(counts, (branches) => {
      const queries = environments(branches);
      const documents = byDocument(queries);
      expect(documents.flat().flatMap((one) => one.branches)).toEqual(queries.flatMap((one) => one.branches));
      expect([...new Set(documents.flat().map(({ name }) => name))]).toEqual(queries.map(({ name }) => name));
      for (const document of documents) {
        expect(document.length).toBeLessThanOrEqual(MOST);
        expect(document.flatMap((one) => one.branches).length).toBeLessThanOrEqual(MOST);
      }
    }),
  );
});

test("what one document takes is asked by one, and nothing at all by one as well", () => {
  expect(byDocument(environments([40, 60]))).toHaveLength(1);
  expect(byDocument(environments([40, 61]))).toHaveLength(2);
  expect(byDocument([])).toEqual([[]]);
});

test("an environment that several documents ask about has the branches of all", () => {
  const part = (base: string, branch: string): ReadonlyMap<string, Snapshot> => {
    const branches = new Map([[branch, { name: branch, pullRequests: [] }]]);
    return new Map([["dev", { environment: "dev", base, files: new Map(), vendored: [], branches }]]);
  };
  const dev = joinSnapshots([part("old", "a"), part("new", "b")]).get("dev");
  expect(dev?.base).toBe("old");
  expect([...(dev?.branches.keys() ?? [])]).toEqual(["a", "b"]);
});
