// Webhooks that come through a channel, as smee.io has it (one event of a stream for each delivery), reach the server with the
// headers and the body that GitHub sent.

import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { relayWebhooks } from "../../../src/adapters/github/webhooks/relay-webhooks.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port }: AddressInfo = Object(server.address());
  return `http://127.0.0.1:${port}`;
}

test("a delivery arrives with GitHub's signature over the bytes that arrive", async () => {
  const body = { action: "opened", number: 1, pull_request: { title: "Über – 1.0 <b>" } };
  const signature = `sha256=${createHmac("sha256", "hush").update(JSON.stringify(body)).digest("hex")}`;
  const event = {
    ...{ "x-github-event": "pull_request", "x-github-delivery": "1" },
    body,
    query: {},
    timestamp: 1,
  };
  const sent = { ...event, "x-hub-signature-256": signature };
  const channel = await listening(
    createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`event: ready\ndata: {}\n\nevent: message\ndata: ${JSON.stringify(sent)}\n\n`);
    }),
  );
  const arrived = Promise.withResolvers<{
    readonly headers: object;
    readonly text: string;
    readonly url: string;
  }>();
  const target = await listening(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { headers, url = "" } = request;
        arrived.resolve({ headers, url, text: Buffer.concat(chunks).toString() });
        response.writeHead(202).end();
      });
    }),
  );
  const silent = { info: () => undefined, warn: () => undefined };
  const relay = await relayWebhooks(`${channel}/abc`, `${target}/api/github/webhooks`, silent);
  const { headers, text, url } = await arrived.promise;
  await relay.stop();
  expect(url).toBe("/api/github/webhooks");
  expect(headers).toMatchObject({ "x-github-event": "pull_request", "x-github-delivery": "1" });
  expect(headers).toMatchObject({
    "x-hub-signature-256": `sha256=${createHmac("sha256", "hush").update(text).digest("hex")}`,
  });
});
