// Work that takes longer than anybody waits for it, asked for by several.

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { Background } from "../../../src/adapters/threads/background.ts";

const LONG_MS = 60_000;

test("whoever asks for work that just began waits for it as long as the first does", async () => {
  const background = new Background<string>();
  const work = Promise.withResolvers<string>();
  const first = background.within("key", LONG_MS, () => work.promise);
  const second = background.within("key", LONG_MS, () => Promise.reject(new Error("it began already")));
  await sleep(20);
  work.resolve("done");
  expect(await Promise.all([first, second])).toEqual(["done", "done"]);
});

test("work that took longer than that is waited for no more, and is there when it is done", async () => {
  const background = new Background<string>();
  const work = Promise.withResolvers<string>();
  const second = () => Promise.reject(new Error("it began already"));
  expect(await background.within("key", 20, () => work.promise)).toBeUndefined();
  expect(await background.within("key", 20, second)).toBeUndefined();
  expect(await background.within("key", 20, second)).toBeUndefined();
  work.resolve("done");
  await sleep(0);
  expect(await background.within("key", 20, second)).toBe("done");
  expect(await background.within("key", LONG_MS, async () => "anew")).toBe("anew");
});

test("work that failed is begun anew", async () => {
  const background = new Background<string>();
  await expect(background.within("key", LONG_MS, () => Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  expect(await background.within("key", LONG_MS, async () => "anew")).toBe("anew");
});
