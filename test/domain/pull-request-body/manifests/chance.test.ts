// Each version is rendered twice. What the renderings of one version differ in is made anew, and no difference of versions.

import { describe, expect, test } from "@jest/globals";
import { comparable, mask, type Twice } from "../../../../src/domain/pull-request-body/manifests/chance.ts";

const ANEW = "‹made anew›";

describe("two renderings of one version", () => {
  test.each<[string, Twice<unknown>, unknown, readonly (readonly string[])[]]>([
    ["that are the same", [{ a: 1 }, { a: 1 }], { a: 1 }, []],
    [
      "whatever the order of keys",
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      { a: 1, b: 2 },
      [],
    ],
    [
      "with another password",
      [
        { user: "web", password: "x1" },
        { user: "web", password: "y2" },
      ],
      { user: "web", password: ANEW },
      [["password"]],
    ],
    [
      "with another word in a line",
      ["--token=a1b2 --port=80", "--token=c3d4 --port=80"],
      `${ANEW} --port=80`,
      [[]],
    ],
    [
      "with another word in one of several lines",
      ["a: 1\npassword: x\n", "a: 1\npassword: y\n"],
      `a: 1\npassword: ${ANEW}\n`,
      [[]],
    ],
    ["with more lines", ["one\ntwo", "one\ntwo\nthree"], ANEW, [[]]],
    ["with more words in a line", ["a b", "a b c"], ANEW, [[]]],
    ["with another number", [{ at: [1, 2] }, { at: [1, 3] }], { at: [1, ANEW] }, [["at", "1"]]],
    ["with another kind of value", [{ a: "1" }, { a: 1 }], { a: ANEW }, [["a"]]],
    ["with a longer list", [{ a: [1] }, { a: [1, 2] }], { a: ANEW }, [["a"]]],
    [
      "with a key of one alone",
      [
        { a: 1, x7: 1 },
        { a: 1, k2: 1 },
      ],
      { a: 1 },
      [["x7"], ["k2"]],
    ],
  ])("%s", (_, twice, ...[value, paths]) => {
    expect(mask(twice)).toEqual({ value, paths });
  });
});

describe("two versions", () => {
  test.each<[string, Twice<unknown>, Twice<unknown>, readonly [unknown, unknown]]>([
    ["without chance are compared as they are", ["a", "a"], ["b", "b"], ["a", "b"]],
    [
      "with a password each are the same",
      [{ p: "a" }, { p: "b" }],
      [{ p: "c" }, { p: "d" }],
      [{ p: ANEW }, { p: ANEW }],
    ],
    [
      "show a change beside a password",
      ["p=a1; n=1", "p=b2; n=1"],
      ["p=c3; n=2", "p=d4; n=2"],
      [`${ANEW}; n=1`, `${ANEW}; n=2`],
    ],
    [
      "differ where the password is stated now",
      [{ p: "a" }, { p: "b" }],
      [{ p: "s" }, { p: "s" }],
      [{ p: ANEW }, { p: "s" }],
    ],
    [
      "are the same when the clock only moved on between them",
      ["10:00", "10:01"],
      ["10:01", "10:01"],
      ["10:01", "10:01"],
    ],
    [
      "are told item by item",
      [
        ["x1", "b"],
        ["x2", "b"],
      ],
      [
        ["x3", "c"],
        ["x4", "c"],
      ],
      [
        [ANEW, "b"],
        [ANEW, "c"],
      ],
    ],
    [
      "differ by a key that came",
      [{ p: "a" }, { p: "b" }],
      [
        { p: "c", q: 1 },
        { p: "d", q: 1 },
      ],
      [{ p: ANEW }, { p: ANEW, q: 1 }],
    ],
    [
      "have no key in common that only one rendering has",
      [{ x1: 1 }, { x2: 1 }],
      [{ x3: 1 }, { x4: 1 }],
      [{}, {}],
    ],
  ])("%s", (_, before, ...[after, settled]) => {
    expect(comparable(before, after)).toEqual(settled);
  });
});
