// The client for a running server's control socket.

import { request } from "node:http";
import { join } from "node:path";
import type { Control, PublishStatus, RememberedEvent, ServerStatus } from "./control.ts";

/** Path of the control socket in a data folder. */
export function socketIn(dataFolder: string): string {
  return join(dataFolder, "control.sock");
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
    redeploy: async (redeployment) => call("POST", "/redeploy", redeployment),
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
