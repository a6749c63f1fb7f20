// Every folder of fixtures/pull-request-body is a case: facts.yaml in, pull-request.md out. UPDATE_GOLDEN=1 blesses what comes out.

import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { headlineVersions } from "../../../src/domain/pull-request-body/headline.ts";
import { pullRequestBody } from "../../../src/domain/pull-request-body/pull-request-body.ts";
import { readReviewCase } from "../../../src/sandbox/review-case.ts";

const folder = join(import.meta.dirname, "../../../fixtures/pull-request-body");
const cases = readdirSync(folder).filter((name) => existsSync(join(folder, name, "facts.yaml")));

describe("the pull request text", () => {
  test("has at least 25 cases", () => expect(cases.length).toBeGreaterThanOrEqual(25));

  test.each(cases)("%s", async (name) => {
    const golden = join(folder, name, "pull-request.md");
    const facts = await readReviewCase(join(folder, name));
    const body = `${pullRequestBody(facts)}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(golden, body);
    expect(body).toBe(await readFile(golden, "utf8"));
    const named = facts.charts.filter(({ chart }) => /^[a-z0-9.-]+$/.test(chart));
    expect(headlineVersions(`Read this first.\n\n${body}`)).toEqual(
      new Map(named.map(({ chart, to }) => [chart, to])),
    );
  });
});
