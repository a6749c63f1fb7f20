// What a look costs of the points that an installation has in an hour: by GitHub's own formula, as the sandbox counts it.

import { expect, test } from "@jest/globals";
import { parse } from "graphql";
import { byDocument } from "../../../src/adapters/github/queries/by-document.ts";
import { stateQuery } from "../../../src/adapters/github/queries/state-document.ts";
import type { EnvironmentQuery } from "../../../src/domain/model/github/observed-state.ts";
import { countConnections } from "../../../src/sandbox/github/graphql/count-connections.ts";
import { githubSchema } from "../../../src/sandbox/github/graphql/schema.ts";

function environment(name: string, branches: number): EnvironmentQuery {
  return {
    ...{ name, path: name, branch: "main", files: ["Chart.yaml", "Chart.lock", "values.yaml"] },
    branches: Array.from({ length: branches }, (_, n) => `promote/${name}/c${n}`),
  };
}

/** `isFull`: whether what the config no longer asks for is looked for as well. */
function costOf(environments: readonly EnvironmentQuery[], { isFull }: { readonly isFull: boolean }) {
  const documents = byDocument(environments).map((some, at) => {
    const lists = { openPromotions: isFull && at === 0, heldPromotions: at === 0 };
    const query = { environments: some, ...lists };
    const { document, variables } = stateQuery({ owner: "acme", name: "config" }, query, {
      labels: [],
      users: [],
    });
    const { cost, errors } = countConnections(githubSchema(), parse(document), variables);
    expect(errors).toEqual([]);
    return cost;
  });
  const sum = (of: "points" | "nodes") => documents.reduce((all, one) => all + one[of], 0);
  return { documents: documents.length, points: sum("points"), nodes: sum("nodes") };
}

/** Where an installation is small: docs.github.com, "Rate limits and query limits for the GraphQL API". */
const POINTS_AN_HOUR = 5_000;

test("4,000 promotion branches cost three points for four of them, less than an hour's budget", () => {
  const environments = Array.from({ length: 40 }, (_, n) => environment(`e${n}`, 100));
  const { documents, points } = costOf(environments, { isFull: true });
  expect(documents).toBe(40);
  expect(points / 4_000).toBeLessThan(0.75);
  expect(points).toBeLessThan(POINTS_AN_HOUR);
});

test("one that a webhook tells of costs one", () => {
  expect(costOf([environment("dev", 1)], { isFull: false })).toMatchObject({ documents: 1, points: 1 });
});
