// Passwords and tokens that are rotated while the server runs: read from a file, or printed by a command.

import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import type { ChartRepository, ImageRegistry, SecretSource } from "../../../domain/model/config/settings.ts";

/** Called with the reason when a secret cannot be read, without any part of it; the last value stays in use. */
export type OnSecretFailure = (why: string) => void;

interface Kept {
  readonly secret: string;
  /** Changes when the secret may have changed. */
  readonly mark: string;
  /** Milliseconds of `performance.now`. */
  readonly readAt: number;
}

export class CurrentSecrets {
  readonly #onFailure: OnSecretFailure;
  readonly #kept = new Map<string, Kept>();
  readonly #running = new Map<string, Promise<string | undefined>>();
  readonly #repositories = new WeakMap<
    ChartRepository,
    { readonly secret: string; readonly current: ChartRepository }
  >();

  constructor(onFailure: OnSecretFailure = () => undefined) {
    this.#onFailure = onFailure;
  }

  /** The repository with its current password or token; the same object as long as that is unchanged. */
  async ofRepository(repository: ChartRepository): Promise<ChartRepository> {
    if (repository.secretFrom === undefined) return repository;
    const secret = (await this.#read(repository.secretFrom)) ?? "";
    const known = this.#repositories.get(repository);
    if (known?.secret === secret) return known.current;
    const current = { ...repository, credentials: withSecret(repository.credentials, secret) };
    this.#repositories.set(repository, { secret, current });
    return current;
  }

  async ofRegistry(registry: ImageRegistry): Promise<ImageRegistry> {
    if (registry.secretFrom === undefined) return registry;
    return { ...registry, password: (await this.#read(registry.secretFrom)) ?? "" };
  }

  /** Concurrent callers share one read. */
  #read(source: SecretSource): Promise<string | undefined> {
    const key = JSON.stringify(source);
    const running = this.#running.get(key) ?? this.#readOrKeep(source, key);
    this.#running.set(key, running);
    return running.finally(() => this.#running.delete(key));
  }

  async #readOrKeep(source: SecretSource, key: string): Promise<string | undefined> {
    const kept = this.#kept.get(key);
    try {
      const mark = source.kind === "file" ? await markOf(source.path) : "";
      const isFresh = source.kind === "file" || performance.now() - (kept?.readAt ?? 0) < source.everyMs;
      if (kept?.mark === mark && isFresh) return kept.secret;
      const secret = source.kind === "file" ? await readSecretFile(source.path) : await print(source.command);
      this.#kept.set(key, { secret, mark, readAt: performance.now() });
      return secret;
    } catch (error) {
      this.#onFailure(reasonOf(source, error));
      return kept?.secret;
    }
  }
}

function withSecret(
  credentials: ChartRepository["credentials"],
  secret: string,
): ChartRepository["credentials"] {
  switch (credentials.kind) {
    case "none":
      return credentials;
    case "basic":
      return { ...credentials, password: secret };
    case "bearer":
      return { ...credentials, token: secret };
  }
}

/** Mounted secrets are replaced by relinking, so the inode is included. */
async function markOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return [ino, size, mtimeMs].join(" ");
}

async function readSecretFile(path: string): Promise<string> {
  return (await readFile(path, "utf8")).replace(/\r?\n$/, "");
}

const COMMAND_MS = 30_000;
const OWN = new Set(["PRIVATE_KEY", "WEBHOOK_SECRET", "CLIENT_SECRET", "DATABASE_URL"]);

/** With this process's environment, which cloud command lines need, except for the App's own secrets. */
async function print([program, ...args]: readonly [string, ...string[]]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN.has(name)));
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: COMMAND_MS });
  const secret = stdout.trim();
  if (secret === "") throw new Error("it printed nothing");
  return secret;
}

/** Never includes the output of a command, which may be the secret. */
function reasonOf(source: SecretSource, error: unknown): string {
  const { code, signal, killed, message } = Object(error);
  if (source.kind === "file") return `${source.path} cannot be read: ${String(code ?? "unknown")}`;
  const [program] = source.command;
  if (killed) return `${program} took longer than ${COMMAND_MS / 1000} seconds`;
  if (typeof code === "number") return `${program} ended with ${code}`;
  return `${program}: ${String(code ?? signal ?? message)}`;
}
