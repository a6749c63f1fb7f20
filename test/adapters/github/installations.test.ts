// Where the App is installed, over as many pages as it takes.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  installations,
  installedRepositories,
  slugOf,
} from "../../../src/adapters/github/queries/installations.ts";
import { failureOf, leave, NOW, place } from "./place.ts";

let at: ReturnType<typeof place>;
const clock = () => NOW;

beforeEach(() => {
  at = place();
  at.grants("ghs_1");
});
afterEach(leave);

const next = (path: string) => ({
  link: `<https://github.example.com/api/v3${path}?per_page=100&page=2>; rel="next"`,
});

test("installations are listed to the last page, without the suspended ones", async () => {
  const path = "/app/installations";
  at.rest
    .get(path)
    .query({ per_page: 100 })
    .reply(
      200,
      [
        { id: 1, suspended_at: null },
        { id: 2, suspended_at: "2026-01-01T00:00:00Z" },
      ],
      next(path),
    );
  at.rest
    .get(path)
    .query({ per_page: 100, page: 2 })
    .reply(200, [{ id: 3, suspended_at: null }]);
  expect(await installations(at.app, clock)).toEqual([1, 3]);
});

test("the App asks as itself, not as an installation", async () => {
  at.rest
    .get("/app")
    .matchHeader("authorization", /^bearer ey/i)
    .reply(200, { slug: "chart-promoter" });
  expect(await slugOf(at.app, clock)).toBe("chart-promoter");
});

test("the repositories of an installation are listed to the last page", async () => {
  const path = "/installation/repositories";
  const repository = (id: number, archived = false) => ({
    ...{ id, name: `config-${id}`, owner: { login: "acme" }, default_branch: "main", archived },
  });
  at.rest
    .get(path)
    .query({ per_page: 100 })
    .matchHeader("authorization", "token ghs_1")
    .reply(200, { total_count: 2, repositories: [repository(1)] }, next(path));
  at.rest
    .get(path)
    .query({ per_page: 100, page: 2 })
    .reply(200, { total_count: 2, repositories: [repository(2, true)] });
  const known = { installationId: 7, owner: "acme", defaultBranch: "main" };
  expect(await installedRepositories(at.app, 7)).toEqual([
    { ...known, id: 1, name: "config-1", archived: false },
    { ...known, id: 2, name: "config-2", archived: true },
  ]);
});

test.each([
  [403, "This installation has been suspended"],
  [404, "Not Found"],
])("an installation that answers %i covers nothing any more", async (status, message) => {
  at.rest.get("/installation/repositories").query(true).reply(status, { message });
  expect(await installedRepositories(at.app, 7)).toBeUndefined();
});

test("one that does not answer may cover anything", async () => {
  at.rest.get("/installation/repositories").query(true).reply(503, "unavailable");
  expect(await failureOf(installedRepositories(at.app, 7))).toMatchObject({
    ...{ kind: "unavailable", status: 503 },
  });
});
