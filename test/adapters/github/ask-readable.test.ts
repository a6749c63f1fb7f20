// What GitHub leaves out of its answers for good is not asked for without end, in whatever order it is named.

import { expect, test } from "@jest/globals";
import { GitHubFailure } from "../../../src/adapters/github/api/failure.ts";
import { askReadable } from "../../../src/adapters/github/queries/ask-readable.ts";
import type { StateQuery } from "../../../src/domain/model/github/observed-state.ts";

const MOST_REQUESTS = 20;

function environment(name: string) {
  return { name, path: name, branch: "main", files: [], branches: [] };
}

test("two gaps that are named in turns leave their environments out, and the third is read", async () => {
  let requests = 0;
  const answer = async ({ environments }: StateQuery): Promise<string> => {
    requests += 1;
    if (requests > MOST_REQUESTS) throw new Error("asked without end");
    const broken = environments.flatMap(({ name }, at) => (name === "whole" ? [] : [`repository.e${at}`]));
    const gap = broken[requests % broken.length];
    if (gap !== undefined) throw new GitHubFailure("null", { kind: "unavailable", status: 200, gap });
    return "read";
  };
  const query = { environments: ["one", "whole", "other"].map(environment) };
  const { raw, environments, unreadable } = await askReadable(query, answer);
  expect(raw).toBe("read");
  expect(environments.map(({ name }) => name)).toEqual(["whole"]);
  expect([...unreadable.keys()].toSorted()).toEqual(["one", "other"]);
});
