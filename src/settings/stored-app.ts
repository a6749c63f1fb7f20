// The App created by the set-up page: DATA_DIR/github-app.json, used when the environment names no App.

import { join } from "node:path";
import * as z from "zod";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { Env, ReadFile } from "./environment.ts";

const schema = z.object({
  appId: z.int().positive(),
  slug: z.string(),
  privateKey: z.string(),
  webhookSecret: z.string().min(1),
  /** Absent in files of versions without sign-in. */
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** Host of the GitHub that it is registered at. */
  host: z.string(),
  protocol: z.enum(["https", "http"]),
});

export type StoredApp = z.infer<typeof schema>;

export function storedAppPath(env: Env): string {
  return join(env["DATA_DIR"] || "data", "github-app.json");
}

/** Whether the environment has no variable that configures an App. */
export function namesNoApp(env: Env): boolean {
  const ways = /^(APP_ID|PRIVATE_KEY|WEBHOOK_SECRET)(_|$)/;
  return !Object.entries(env).some(([name, value]) => ways.test(name) && Boolean(value));
}

/** The environment with the stored App's variables; unchanged when it names an App, or none is stored. */
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

/** `undefined` when there is none; an invalid file is a problem, so that no second App is created. */
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
