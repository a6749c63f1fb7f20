// The control of a running server: HTTP on a socket in its data folder, which only its own user can open.

import { chmod, mkdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import fastify from "fastify";
import type { Control, PublishStatus, RedeployAsked, RememberedEvent, ServerStatus } from "./control.ts";

const MODE = 0o600;

/** Where it is, for a data folder. */
function socketIn(dataFolder: string): string {
  return join(dataFolder, "control.sock");
}

/** Answers until it is closed. A socket left over from a killed process is replaced: the data folder is ours alone. */
export async function serveControl(
  dataFolder: string,
  control: Control,
): Promise<{ close(): Promise<void> }> {
  await mkdir(dataFolder, { recursive: true });
  const path = socketIn(dataFolder);
  await rm(path, { force: true });
  const app = fastify();
  app.post("/sync", async () => {
    await control.sync();
    return {};
  });
  app.get("/status", () => control.status());
  app.get<{ Querystring: { chart?: string; limit?: string } }>("/publishes", ({ query }) =>
    control.publishes({
      limit: Number(query.limit ?? 50),
      ...(query.chart !== undefined && { chart: query.chart }),
    }),
  );
  app.get<{ Querystring: { since: string } }>("/history", ({ query }) =>
    control.history(new Date(query.since)),
  );
  app.post<{ Body: { key: string } }>("/replay", async ({ body }) => ({
    replayed: await control.replay(body.key),
  }));
  app.post<{ Body: RedeployAsked }>("/redeploy", ({ body }) => control.redeploy(body));
  await app.listen({ path });
  await chmod(path, MODE);
  return { close: () => app.close() };
}

/** The control of the server that uses this data folder; `undefined` when none is running. */
export async function connectControl(dataFolder: string): Promise<Control | undefined> {
  const call = caller(socketIn(dataFolder));
  try {
    await call("GET", "/status");
  } catch {
    return undefined;
  }
  return {
    sync: async () => void (await call("POST", "/sync")),
    status: async () => call<ServerStatus>("GET", "/status"),
    publishes: async ({ chart, limit }) => {
      const query = new URLSearchParams({ limit: String(limit), ...(chart !== undefined && { chart }) });
      return call<readonly PublishStatus[]>("GET", `/publishes?${query.toString()}`);
    },
    history: async (since) => {
      const events = await call<readonly RememberedEvent[]>("GET", `/history?since=${since.toISOString()}`);
      return events.map((event) => ({ ...event, at: new Date(event.at) }));
    },
    redeploy: async (asked) => call("POST", "/redeploy", asked),
    replay: async (key) => (await call<{ replayed: boolean }>("POST", "/replay", { key })).replayed,
  };
}

type Call = <T>(method: "GET" | "POST", path: string, body?: object) => Promise<T>;

function caller(socketPath: string): Call {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = body ? { "content-type": "application/json" } : {};
      const sent = request({ socketPath, method, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`the server answered ${answer.statusCode}: ${text}`));
        });
      });
      sent.on("error", reject);
      sent.end(body && JSON.stringify(body));
    });
}
