// Who is told of events and does not answer, or not as it should: nobody else waits for it, it learns nothing of this network, and
// its address is told to nobody.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startHook } from "../../support/hook.ts";
import { startTarget, type Target } from "../target.ts";

/** More than there are workers. */
const MANY = 24;
let target: Target;
const requests = { silent: 0, endless: 0, leading: 0 };
const silent = createServer(() => {
  requests.silent += 1;
});
const endless = createServer((_request, response) => {
  requests.endless += 1;
  response.writeHead(200, { "content-type": "text/plain" });
  const timer = setInterval(() => response.write("x".repeat(65_536)), 1);
  response.on("close", () => clearInterval(timer));
});

async function addressOf(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port }: AddressInfo = Object(server.address());
  return `http://127.0.0.1:${port}`;
}

const hook = await startHook();
const leading = createServer((_request, response) => {
  requests.leading += 1;
  response.writeHead(307, { location: hook.url }).end();
});

beforeAll(async () => {
  const url = await addressOf(silent);
  const recipients = Array.from({ length: MANY }, (_, n) => ({
    ...{ name: `silent-${n}`, slack: `${url}/services/SECRET-${n}`, events: ["proposed"] },
  }));
  const others = [
    { name: "endless", webhook: `${await addressOf(endless)}/SECRET`, secret: "s", events: ["proposed"] },
    { name: "leading", webhook: `${await addressOf(leading)}/SECRET`, secret: "s", events: ["proposed"] },
  ];
  target = await startTarget({ settings: { notifications: [...others, ...recipients] } });
}, 180_000);

afterAll(async () => {
  await target.stop();
  await hook.close();
  for (const server of [silent, endless, leading]) {
    server.closeAllConnections();
    server.close();
  }
}, 60_000);

test("recipients that do not answer keep no promotion waiting, however many they are", async () => {
  await target.alicesTurn();
  await target.longestBlock();
  while (requests.silent < MANY / 3) await sleep(10);
  const { proposedMs } = await target.alicesTurn();
  expect(proposedMs).toBeLessThan(5_000);
  expect(await target.longestBlock()).toBeLessThan(100);
}, 90_000);

test("where a recipient leads, nothing goes; and no log has its address", async () => {
  while (requests.leading === 0 || requests.endless === 0) await sleep(10);
  await target.alicesTurn();
  expect(hook.received).toEqual([]);
  expect(target.log().join("\n")).not.toContain("SECRET");
}, 90_000);
