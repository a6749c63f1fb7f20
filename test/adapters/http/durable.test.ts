import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";

import { openStore } from "../../../src/adapters/store/open-store.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { type Running, startServer, XPOSER } from "../../support/http-server.ts";

let dataFolder: string;
let store: Store;
let server: Running;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "chart-promoter-http-"));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(dataFolder, { recursive: true });
});

async function start(): Promise<void> {
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  store = await openStore({ dataFolder, clock: () => new Date(), log });
  server = await startServer({ store, inbox: store.publishes });
}

async function stop(): Promise<void> {
  await server.stop();
  await store.close();
}

function ignore(): void {}

async function publish(body: string, webhookId: string): Promise<readonly [number, { readonly id: string }]> {
  const at = new Date();
  const answer = await fetch(`${server.url}/publish`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-publisher": "xposer-pipeline",
      "webhook-id": webhookId,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(Buffer.from("open sesame"), { format: "raw" }).sign(
        webhookId,
        at,
        body,
      ),
    },
    body,
  });
  return [answer.status, Object(await answer.json())];
}

test("a repeated webhook-id gets the first answer again, also after a restart", async () => {
  const body = JSON.stringify({ chart: "xposer", version: "1.0.0", values: { "image.tag": "1" } });
  const [first, { id }] = await publish(body, "msg_1");
  await stop();
  await start();
  expect([first, await publish(body, "msg_1")]).toMatchObject([202, [200, { id, state: "accepted" }]]);
  const other = JSON.stringify({ chart: "xposer", version: "2.0.0" });
  expect(await publish(other, "msg_1")).toMatchObject([200, { id }]);
  const status = await fetch(`${server.url}/publishes/${id}`, { headers: XPOSER });
  expect(await status.json()).toMatchObject({ id, version: "1.0.0", promotions: [] });
});

test("twenty announcements of one version at the same moment are one publish", async () => {
  const body = JSON.stringify({ chart: "xposer", version: "1.0.0" });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, number) => publish(body, `msg_${number}`)),
  );
  expect(new Set(answers.map(([, { id }]) => id)).size).toBe(1);
  expect(answers.filter(([status]) => status === 202)).toHaveLength(1);
});
