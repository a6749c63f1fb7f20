// Lists that have no end: whoever answers for GitHub is asked so often for one, and no more.

import { expect, test } from "@jest/globals";
import type { InstallationClient } from "../../../src/adapters/github/api/client.ts";
import { changedFiles } from "../../../src/adapters/github/queries/git/changed-files.ts";

/** Answers with a page of one file each time; `cursor` of the n-th. */
function endless(cursor: (n: number) => string) {
  let pages = 0;
  const query = async () => {
    pages += 1;
    if (pages > 1_000) throw new Error("asked a thousand times");
    const pageInfo = { hasNextPage: true, endCursor: cursor(pages) };
    return { repository: { pullRequest: { files: { pageInfo, nodes: [{ path: `${pages}` }] } } } };
  };
  const client: Partial<InstallationClient> = { query: query as InstallationClient["query"] };
  return client as InstallationClient;
}

const ABOUT = { repository: { owner: "acme", name: "config" }, number: 1 };

test.each([
  ["that leads to itself", () => "same", "leads on to the page that it was asked for"],
  ["that leads on and on", (n: number) => `page ${n}`, "leads on after 200 pages"],
])("a page %s fails what asked for it", async (_what, cursor, message) => {
  await expect(changedFiles(endless(cursor), ABOUT)).rejects.toThrow(message);
});
