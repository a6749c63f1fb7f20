// Which values make no difference is found out in few trials, and nothing is said of what stays undecided.

import { describe, expect, test } from "@jest/globals";
import { unreadValues } from "../../../src/adapters/helm/unread-values.ts";
import type { OwnValue } from "../../../src/domain/pull-request-body/values/lost-defaults.ts";

const value = (name: string): OwnValue => ({
  key: "web",
  path: [name],
  value: 1,
  file: "values.yaml",
  line: 1,
});

/** A chart that reads these values, and asks how often it was rendered. */
function chartThatReads(...names: readonly string[]) {
  const rendered: string[] = [];
  const rendersTheSame = (overlay: string): Promise<boolean> => {
    rendered.push(overlay);
    return Promise.resolve(!names.some((name) => overlay.includes(`"${name}"`)));
  };
  return { rendered, rendersTheSame };
}

describe("values that nothing reads", () => {
  test("are found in two renderings when it is all of them", async () => {
    const { rendered, rendersTheSame } = chartThatReads();
    const values = Array.from({ length: 100 }, (_, index) => value(`v${index}`));
    expect(await unreadValues(values, rendersTheSame)).toEqual(values);
    expect(rendered).toHaveLength(2);
    expect(JSON.parse(rendered[0] ?? "")).toMatchObject({ web: { v0: null } });
    expect(JSON.parse(rendered[1] ?? "")).toMatchObject({ web: { v0: 2 } });
  });

  test("are found among those that are read", async () => {
    const { rendered, rendersTheSame } = chartThatReads("b");
    const unread = await unreadValues(["a", "b", "c", "d"].map(value), rendersTheSame);
    expect(unread.map(({ path }) => path[0])).toEqual(["a", "c", "d"]);
    expect(rendered.length).toBeLessThanOrEqual(10);
  });

  test("are not told of when finding out takes too long", async () => {
    const values = Array.from({ length: 64 }, (_, index) => value(`v${index}-`));
    const { rendered, rendersTheSame } = chartThatReads(
      ...values.filter((_, index) => index % 2 === 0).map(({ path }) => path[0] ?? ""),
    );
    const unread = await unreadValues(values, rendersTheSame);
    expect(rendered.length).toBeLessThanOrEqual(24);
    expect(unread.length).toBeLessThan(32);
    expect(unread.every(({ path }) => Number(path[0]?.slice(1, -1)) % 2 === 1)).toBe(true);
  });

  test("is no value that only another value of its kind would show", async () => {
    const hides = (overlay: string): Promise<boolean> => Promise.resolve(!overlay.includes("2"));
    expect(await unreadValues([value("a")], hides)).toEqual([]);
  });

  test("asks nothing when there is nothing to ask", async () => {
    const { rendered, rendersTheSame } = chartThatReads();
    expect(await unreadValues([], rendersTheSame)).toEqual([]);
    expect(rendered).toEqual([]);
  });
});
