// A temporary PostgreSQL server on 127.0.0.1, for tests.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";

export interface Postgres {
  /** `postgres://…` of a superuser, to an empty database. */
  readonly url: string;
  /** Stops the server and removes its files. */
  close(): Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

/**
 * Starts the PostgreSQL of this system (Debian's package `postgresql`, or the folder in POSTGRES_BIN) on new files and
 * a free port. Rejects with what to install when there is none.
 */
export async function startPostgres(): Promise<Postgres> {
  const bin = findBinaries();
  const account = await accountFor();
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-postgres-"));
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  const data = join(folder, "data");
  const as = { cwd: folder, ...account };
  await run(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
    as,
  );
  const port = await freePort();
  const options = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder];
  const server = spawn(join(bin, "postgres"), options, { ...as, stdio: "ignore" });
  const stopWithUs = () => server.kill("SIGQUIT");
  process.once("exit", stopWithUs);
  const close = async () => {
    process.off("exit", stopWithUs);
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  try {
    await answers(url, server);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

/** Whether a PostgreSQL server is installed. */
export function hasPostgres(): boolean {
  return searchBinaries() !== undefined;
}

function findBinaries(): string {
  const found = searchBinaries();
  if (found !== undefined) return found;
  throw new Error(
    "No PostgreSQL server here. Install it (apt-get install postgresql), or set POSTGRES_BIN to the folder of initdb and postgres.",
  );
}

function searchBinaries(): string | undefined {
  const named = process.env["POSTGRES_BIN"];
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((one, other) => Number(other) - Number(one))
    : [];
  const folders = [
    ...(named === undefined ? [] : [named]),
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return folders.find((one) => existsSync(join(one, "initdb")) && existsSync(join(one, "postgres")));
}

/** PostgreSQL refuses to run as root: its own account is used, or nobody's. */
async function accountFor(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await accountOf("postgres")) ?? (await accountOf("nobody"));
}

async function accountOf(user: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map(async (which) => (await run("id", [which, user])).stdout),
    );
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with exit code ${server.exitCode}.`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error("PostgreSQL did not answer within 30 seconds.");
}

/** Immediate shutdown: the data is not needed any more. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGQUIT");
  await ended;
}
