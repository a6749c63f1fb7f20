// A name that stands for another address each time it is looked up: what is looked at is what is connected to.

import dns from "node:dns";
import promises from "node:dns/promises";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { request } from "../../../../src/adapters/charts/http/request.ts";
import { type StandIn, startStandIn } from "../../../../src/sandbox/chartmuseum/stand-in.ts";

const PUBLIC = "8.8.8.8";
const LOOPBACK = "127.0.0.1";
const HOME = "home.example.com";

/** What comes next for each name; the last for ever. */
const answers = new Map<string, string[][]>();
let lookups: string[] = [];

function next(name: string): readonly { readonly address: string; readonly family: number }[] {
  lookups.push(name);
  const [now = [], ...later] = answers.get(name) ?? [[]];
  if (later.length > 0) answers.set(name, later);
  return now.map((address) => ({ address, family: 4 }));
}

const { lookup } = dns;
const { lookup: lookupLater } = promises;

function lookUp(name: string, _options: object, done: (error: Error | null, found: unknown) => void): void {
  done(null, next(name));
}

let inside: StandIn;
beforeAll(async () => {
  inside = await startStandIn(() => ({ status: 200, body: "secret" }));
  Object.assign(dns, { lookup: lookUp });
  Object.assign(promises, { lookup: async (name: string) => next(name) });
  syncBuiltinESMExports();
});
afterAll(async () => {
  Object.assign(dns, { lookup });
  Object.assign(promises, { lookup: lookupLater });
  syncBuiltinESMExports();
  await inside.close();
});

async function ask(name: string, ...found: string[][]) {
  answers.set(name, found);
  answers.set(HOME, [[PUBLIC]]);
  lookups = [];
  const url = new URL(`http://${name}:${new URL(inside.url).port}/`);
  return request({ url, reach: { home: HOME }, timeoutMs: 500, maxBytes: 1_000 });
}

const REFUSED = { kind: "failed", reason: expect.stringContaining("is at a loopback address") };

test("that was public a moment ago, and leads inside now", async () => {
  const first = await ask("rebind.example.com", [PUBLIC], [LOOPBACK]);
  expect(first).not.toMatchObject(REFUSED);
  expect(lookups).toEqual([HOME, "rebind.example.com"]);
  const later = answers.get("rebind.example.com") ?? [];
  expect(await ask("rebind.example.com", ...later)).toMatchObject(REFUSED);
  expect(inside.requests).toEqual([]);
});

test("that stands for a public address and one inside at once", async () => {
  expect(await ask("both.example.com", [PUBLIC, LOOPBACK])).toMatchObject(REFUSED);
  expect(inside.requests).toEqual([]);
});
