// The App that the set-up page made: DATA_DIR/github-app.json, which is read where the environment names no App.

import { join } from "node:path";
import * as z from "zod";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { Env, ReadFile } from "./environment.ts";

const schema = z.object({
  appId: z.int().positive(),
  slug: z.string(),
  privateKey: z.string(),
  webhookSecret: z.string().min(1),
  /** Absent in files of versions that had nobody sign in. */
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** Of the GitHub that it is registered at. */
  host: z.string(),
  protocol: z.enum(["https", "http"]),
});

export type StoredApp = z.infer<typeof schema>;

export function storedAppPath(env: Env): string {
  return join(env["DATA_DIR"] || "data", "github-app.json");
}

/** Whether the environment says nothing of an App, in any of the ways that it can. */
export function namesNoApp(env: Env): boolean {
  const ways = /^(APP_ID|PRIVATE_KEY|WEBHOOK_SECRET)(_|$)/;
  return !Object.entries(env).some(([name, value]) => ways.test(name) && Boolean(value));
}

/** The environment as if it named the stored App; as it is where it names one, or none is stored. */
export async function withStoredApp(env: Env, readFile: ReadFile): Promise<Result<Env>> {
  if (!namesNoApp(env)) return ok(env);
  const app = await readStoredApp(env, readFile);
  return app.ok ? ok({ ...env, ...(app.value && asEnvironment(app.value)) }) : app;
}

function asEnvironment({ appId, privateKey, webhookSecret, host, protocol, ...app }: StoredApp): Env {
  return {
    ...(app.clientId && { CLIENT_ID: app.clientId }),
    ...(app.clientSecret && { CLIENT_SECRET: app.clientSecret }),
    ...{ APP_ID: String(appId), PRIVATE_KEY: privateKey, WEBHOOK_SECRET: webhookSecret },
    ...(host === "github.com" ? { GHE_HOST: "" } : { GHE_HOST: host, GHE_PROTOCOL: protocol }),
  };
}

/** `undefined` where there is none; what is there and cannot be understood is a problem, so that no App is made beside it. */
async function readStoredApp(env: Env, readFile: ReadFile): Promise<Result<StoredApp | undefined>> {
  const path = storedAppPath(env);
  try {
    const read = schema.safeParse(parsed(await readFile(path)));
    return read.success ? ok(read.data) : fail(unusable(path, "holds no App"));
  } catch (error) {
    const { code } = Object(error);
    return code === "ENOENT" ? ok(undefined) : fail(unusable(path, `cannot be read (${code})`));
  }
}

function unusable(path: string, what: string): Problem {
  return {
    code: "settings-invalid",
    message: `${path} ${what}.`,
    help: "Mend it, set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET, or take it away to have an App made anew.",
  };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
