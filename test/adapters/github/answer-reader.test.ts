// What GitHub answers is parsed apart from everybody else where it is large, and not at all where it is larger than that.

import { afterAll, expect, test } from "@jest/globals";
import { AnswerReader } from "../../../src/adapters/github/api/answer-reader.ts";
import { failureOf } from "../../../src/adapters/github/api/failure.ts";

const MIB = 2 ** 20;
const answers = new AnswerReader();
afterAll(() => answers.close());

async function* inPieces(body: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 60_001) yield new Uint8Array(bytes.subarray(at, at + 60_001));
}

function read(body: string): Promise<unknown> {
  return answers.read(inPieces(body), "acme");
}

const LARGE = { messages: Array.from({ length: 30 }, (_, n) => `${n}: ä"\n€ `.repeat(10_000)), none: null };

test.each([
  ["small", { text: 'ä"\n€', list: [1, null] }],
  ["large", LARGE],
])("a %s one is read as it stands", async (_what, body) => {
  expect(await read(JSON.stringify(body))).toEqual(body);
});

test.each([
  ["small", '{"text": "cut o'],
  ["large", `{"text": "${"x".repeat(2 * MIB)}`],
])("a %s one that is cut off is none", async (_what, body) => {
  await expect(read(body)).rejects.toMatchObject({ name: "SyntaxError" });
});

test("one of more maps than anybody asks for is not read, and is not asked for at once again", async () => {
  const error: unknown = await read(`[${'{"path":"x"},'.repeat(200_000)}1]`).catch(
    (thrown: unknown) => thrown,
  );
  expect(failureOf(error, "reading acme/config", new Date())).toMatchObject({
    kind: "refused",
    message: expect.stringMatching(
      /^What GitHub answered while reading acme\/config is not read, for its size: it holds more than 200000 maps and lists$/,
    ),
  });
});

test("one that does not end is left at 64 MiB", async () => {
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (const piece = new Uint8Array(MIB); ; sent += 1) yield piece;
  }
  await expect(answers.read(endless(), "acme")).rejects.toThrow("more than 64 MiB");
  expect(sent).toBe(64);
});
