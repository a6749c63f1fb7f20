// People's words around our part stay; our part is exchanged as a whole.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { inMarkers, replaceBody, roomIn } from "../../../src/domain/pull-request-body/markdown/markers.ts";
import { BODY_LIMIT } from "../../../src/domain/pull-request-body/markdown/size.ts";

const old = inMarkers("old");
const block = inMarkers("new");

describe("replacing our part", () => {
  test.each([
    ["alone", old, block],
    ["with words above and below", `Please look at\n${old}\nthis.`, `Please look at\n${block}\nthis.`],
    [
      "with the line breaks of a browser",
      `above\r\n${old.replaceAll("\n", "\r\n")}\r\nbelow`,
      `above\n${block}\nbelow`,
    ],
    ["in an empty text", "", block],
    ["without markers", "My words", `${block}\n\nMy words`],
    ["with its end taken away", old.replace("<!-- chart-promoter: end -->", ""), `${block}\n\nold`],
  ])("%s", (_name, existing, expected) => expect(replaceBody(existing, block)).toBe(expected));

  test("keeps everything around it, and twice is once", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ unit: "binary" }), (above, below, inside) => {
        const once = replaceBody(`${above}\n${inMarkers(inside)}\n${below}`, block);
        expect(once).toBe(`${above}\n${block}\n${below}`.replaceAll("\r\n", "\n"));
        expect(replaceBody(once, block)).toBe(once);
      }),
    );
  });

  test("is not fooled by a marker or a replacement pattern within", () => {
    const hostile = inMarkers("a <!-- chart-promoter: end --> $& $1 b");
    expect(replaceBody(`x\n${hostile}\ny`, hostile)).toBe(`x\n${hostile}\ny`);
    expect(replaceBody(`x\n${hostile}\ny`, block)).toBe(`x\n${block}\ny`);
  });

  test("leaves room for what people wrote", () => {
    const existing = `${"a".repeat(1_000)}\n${old}\n${"b".repeat(500)}`;
    const room = roomIn(existing);
    expect(replaceBody(existing, "x".repeat(room)).length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(room).toBeGreaterThan(BODY_LIMIT - 1_600);
  });
});
