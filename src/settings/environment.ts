// The environment variables: names, formats and defaults.

import { createPrivateKey } from "node:crypto";
import type { Settings } from "../domain/model/config/settings.ts";
import type { Problem } from "../domain/model/problem.ts";
import { parseSecret } from "../domain/model/secret/secret.ts";
import { GITHUB_HOST, gitHubAt } from "./github-hosts.ts";

export type Env = Readonly<Record<string, string | undefined>>;
export type ReadFile = (path: string) => Promise<Uint8Array>;

export type FromEnvironment = Pick<
  Settings,
  | "host"
  | "port"
  | "appId"
  | "privateKey"
  | "webhookSecret"
  | "githubApi"
  | "githubWeb"
  | "databaseUrl"
  | "dataFolder"
  | "logLevel"
>;

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Returns everything that could be read, and every problem. */
export async function readEnvironment(
  env: Env,
  readFile: ReadFile,
): Promise<{ readonly settings: FromEnvironment; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const complain = (name: string, what: string, help: string) => {
    problems.push({ code: "settings-invalid", message: `${name} ${what}.`, help });
  };
  const privateKey = await readPrivateKey(env, readFile, complain);
  const github = readGitHub(env, complain);
  const settings = {
    host: env["HOST"] || "0.0.0.0",
    port: readPort(env, complain),
    appId: readAppId(env, complain),
    privateKey,
    webhookSecret: parseSecret(env["WEBHOOK_SECRET"] ?? ""),
    ...github,
    ...(env["DATABASE_URL"] && { databaseUrl: env["DATABASE_URL"] }),
    dataFolder: env["DATA_DIR"] || "data",
    logLevel: readLevel(env, complain),
  };
  if (!env["WEBHOOK_SECRET"]) {
    complain(
      "WEBHOOK_SECRET",
      "is not set",
      "Set it to the webhook secret of the GitHub App; without it anybody could send webhooks.",
    );
  }
  if (env["DATABASE_URL"] && !/^postgres(ql)?:\/\//.test(env["DATABASE_URL"])) {
    complain(
      "DATABASE_URL",
      "is not a postgres:// URL",
      "Set it to one, or leave it out for the embedded database.",
    );
  }
  return { settings, problems };
}

type Complain = (name: string, what: string, help: string) => void;

function readGitHub(env: Env, complain: Complain): Pick<Settings, "githubApi" | "githubWeb"> {
  const host = env["GHE_HOST"];
  if (!host) return gitHubAt();
  const protocol = env["GHE_PROTOCOL"] || "https";
  if (!GITHUB_HOST.test(host)) {
    complain(
      "GHE_HOST",
      `"${host}" is not a host`,
      "Set it to the host of your GitHub, with a port when it has one.",
    );
  }
  if (protocol !== "https" && protocol !== "http") {
    complain("GHE_PROTOCOL", `"${protocol}" is not a protocol`, "Set it to https or http.");
  }
  return gitHubAt(host, protocol);
}

function readPort(env: Env, complain: Complain): number {
  const text = env["PORT"] || "3000";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    complain("PORT", `"${text}" is not a port`, "Set it to a number up to 65535.");
  return port;
}

function readAppId(env: Env, complain: Complain): number {
  const text = env["APP_ID"] ?? "";
  if (!/^[1-9]\d*$/.test(text))
    complain(
      "APP_ID",
      text === "" ? "is not set" : `"${text}" is not a number`,
      "Set it to the App ID shown on the App's page.",
    );
  return Number(text) || 0;
}

function readLevel(env: Env, complain: Complain): Settings["logLevel"] {
  const text = env["LOG_LEVEL"] || "info";
  const level = LEVELS.find((known) => known === text);
  if (!level) complain("LOG_LEVEL", `"${text}" is not a level`, `Set it to one of ${LEVELS.join(", ")}.`);
  return level ?? "info";
}

/**
 * PEM, with line breaks as such or as `
 * `, or the whole as base64.
 */
async function readPrivateKey(env: Env, readFile: ReadFile, complain: Complain): Promise<string> {
  const [direct, path] = [env["PRIVATE_KEY"], env["PRIVATE_KEY_PATH"]];
  if (!direct && !path) {
    complain(
      "PRIVATE_KEY",
      "is not set, nor is PRIVATE_KEY_PATH",
      "Set one of them to the App's private key (PEM).",
    );
    return "";
  }
  const name = direct ? "PRIVATE_KEY" : "PRIVATE_KEY_PATH";
  const text = direct || (await readText(path ?? "", readFile));
  if (text === undefined) {
    complain(name, `names ${path}, which cannot be read`, "Point it at the App's private key (PEM).");
    return "";
  }
  const pem = toPem(text);
  if (!isRsaKey(pem))
    complain(name, "holds no RSA private key", "Download a private key on the App's page and use that file.");
  return pem;
}

function toPem(text: string): string {
  const lines = text.replaceAll("\\n", "\n").trim();
  return lines.startsWith("-----BEGIN") ? lines : Buffer.from(lines, "base64").toString("utf8").trim();
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

async function readText(path: string, readFile: ReadFile): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await readFile(path));
  } catch {
    return undefined;
  }
}
