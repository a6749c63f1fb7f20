// A server on loopback that remembers what it is sent.

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Hook {
  readonly url: string;
  /** In the order they came. */
  readonly received: readonly Received[];
  /** Answers the next calls with these statuses, one each, "hang up" without any; 202 afterwards. */
  answerNext(...statuses: readonly (number | "hang up")[]): void;
  close(): Promise<void>;
}

/** `onCall` is given each body as it comes. */
export async function startHook(onCall: (body: string) => void = () => undefined): Promise<Hook> {
  const received: Received[] = [];
  const answers: (number | "hang up")[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url: path = "", headers } = request;
      const body = Buffer.concat(chunks).toString();
      received.push({ path, headers, body });
      onCall(body);
      const answer = answers.shift() ?? 202;
      if (answer === "hang up") request.socket.destroy();
      else response.writeHead(answer).end();
    });
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port }: AddressInfo = Object(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answerNext: (...statuses) => {
      answers.push(...statuses);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

export interface DeploymentCall {
  readonly deploymentId: number;
  readonly revision: string;
}

/** What a webhook deployer is told. */
export function deploymentCall(body: string): DeploymentCall {
  const { DEPLOYMENT_ID, REVISION }: { DEPLOYMENT_ID: string | number; REVISION: string } = JSON.parse(body);
  return { deploymentId: Number(DEPLOYMENT_ID), revision: REVISION };
}
