// A load balancer: one address, each request to the next replica that lives. It sends nothing twice.

import { once } from "node:events";
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Balancer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Answers 502 when no replica lives, or when the one that was asked died over it. */
export async function startBalancer(
  replicas: readonly { readonly url: string | undefined }[],
): Promise<Balancer> {
  let turn = 0;
  const server = createServer((request, response) => {
    const living = replicas.flatMap(({ url }) => url ?? []);
    const url = living[turn++ % living.length];
    if (url === undefined) response.writeHead(502).end();
    else passOn(request, response, url);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${portOf(server.address())}`, close };
}

function passOn(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { method = "GET", url: path = "/", headers } = request;
  const onward = ask(new URL(path, url), { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.once("error", () => response.destroy());
  });
  onward.once("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  request.pipe(onward);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
