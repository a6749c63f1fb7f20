// While no GitHub App is configured: serves the set-up page until one is created, and stores it.

import { mkdir, open, readFile, rename } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { convertManifest } from "../adapters/github/api/convert-manifest.ts";
import type { SetUpForm } from "../adapters/http/setup/form.ts";
import { createSetUpServer } from "../adapters/http/setup/setup-server.ts";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { Env } from "../settings/environment.ts";
import { gitHubAt } from "../settings/github-hosts.ts";
import { type StoredApp, storedAppPath } from "../settings/stored-app.ts";

const MANIFEST = join(dirname(findPackageJSON(import.meta.url) ?? ""), "app.yml");

export interface SetUp {
  /** URL of the set-up page. */
  readonly url: string;
  /** Resolves when the App is stored and the port is free again. */
  readonly made: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface SetUpOptions {
  readonly env: Env;
  readonly host: string;
  readonly port: number;
  /** URL of a proxy for GitHub's webhooks, instead of the server itself. */
  readonly webhookProxy?: string;
  /** Prints the link that admits one browser. */
  readonly print: (link: string) => void;
}

export async function setUp({ env, host, port, webhookProxy, print }: SetUpOptions): Promise<SetUp> {
  const path = storedAppPath(env);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const made = Promise.withResolvers<void>();
  const tokens: string[] = [];
  let base: string | undefined;
  const app = await createSetUpServer({
    rights: parse(await readFile(MANIFEST, "utf8")),
    shown: { host: env["GHE_HOST"] || "github.com", name: "chart-promoter", webhookUrl: webhookProxy ?? "" },
    ...(env["GHE_PROTOCOL"] === "http" && env["GHE_HOST"] && { plainHost: env["GHE_HOST"].toLowerCase() }),
    make: (code, form) => make({ code, form, path }),
    onToken: (token) => (base === undefined ? tokens.push(token) : print(`${base}/setup?token=${token}`)),
    onMade: () => void app.close().then(made.resolve, made.reject),
  });
  await app.listen({ host, port });
  base = `http://${shownHost(host)}:${boundPort(app.server.address())}`;
  for (const token of tokens) print(`${base}/setup?token=${token}`);
  return { url: base, made: made.promise, stop: () => app.close() };
}

function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function boundPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the set-up page has no address");
  return address.port;
}

interface Making {
  readonly code: string;
  readonly form: SetUpForm;
  readonly path: string;
}

async function make({ code, form, path }: Making) {
  const { host, protocol, account, publicUrl } = form;
  const registered = await convertManifest(gitHubAt(host, protocol).githubApi, code);
  if (!registered.ok) return registered;
  const { id, slug, privateKey, webhookSecret, clientId, clientSecret, owner, page } = registered.value;
  if (owner.toLowerCase() !== account.toLowerCase()) return fail(ofAnother(slug, owner, account));
  const secrets = { privateKey, webhookSecret, clientId, clientSecret };
  const stored = await store(path, { appId: id, slug, ...secrets, host, protocol });
  if (!stored.ok) return stored;
  return ok({ slug, installUrl: `${page}/installations/new`, storedIn: path, publicUrl });
}

/** Atomically, and readable by this user only from the start. */
async function store(path: string, app: StoredApp): Promise<Result<void>> {
  try {
    const scratch = `${path}.${process.pid}`;
    const file = await open(scratch, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(app, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(scratch, path);
    return ok(undefined);
  } catch (error) {
    return fail(unwritten(path, app.slug, Object(error).code));
  }
}

function ofAnother(slug: string, owner: string, account: string): Problem {
  return {
    code: "forbidden",
    message: `The App ${slug} belongs to ${owner}, not to ${account}: nothing was stored.`,
    help: "Begin again as somebody who owns that account; delete the App that is not used.",
  };
}

function unwritten(path: string, slug: string, code: unknown): Problem {
  return {
    code: "file-unwritable",
    message: `${path} cannot be written (${String(code)}), so the key of the App ${slug} is lost.`,
    help: "Delete that App on GitHub, make DATA_DIR writable for this server, and begin again.",
  };
}
