// The source of a chart repository's or image registry's password or token, when it is not in server.yaml.

import { dirname, resolve } from "node:path";
import type { DocumentPath } from "../domain/config/yaml-document.ts";
import { parseDuration } from "../domain/model/config/duration.ts";
import type { SecretSource } from "../domain/model/config/settings.ts";
import type { SettingsObjection } from "./settings-objection.ts";

type Command = readonly [string, ...string[]];

export interface WrittenSecretSource {
  readonly passwordFile?: string | undefined;
  readonly passwordCommand?: Command | undefined;
  readonly tokenFile?: string | undefined;
  readonly tokenCommand?: Command | undefined;
  readonly refresh?: string | undefined;
}

interface WrittenLogin extends WrittenSecretSource {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

const REFRESH_MS = 30 * 60_000;

/** `file`: path of server.yaml, to which relative paths refer. */
export function secretSourceOf(written: WrittenSecretSource, file: string): SecretSource | undefined {
  const path = written.passwordFile ?? written.tokenFile;
  if (path !== undefined) return { kind: "file", path: resolve(dirname(file), path) };
  const command = written.passwordCommand ?? written.tokenCommand;
  if (command === undefined) return undefined;
  return { kind: "command", command, everyMs: parseDuration(written.refresh ?? "") ?? REFRESH_MS };
}

export function hasTokenSource({ tokenFile, tokenCommand }: WrittenSecretSource): boolean {
  return (tokenFile ?? tokenCommand) !== undefined;
}

const PASSWORDS = ["password", "passwordFile", "passwordCommand"] as const;
const TOKENS = ["token", "tokenFile", "tokenCommand"] as const;

/** Only one source, and a username only with a password. */
export function loginObjections(path: DocumentPath, written: WrittenLogin): readonly SettingsObjection[] {
  const set = [...PASSWORDS, ...TOKENS].filter((key) => written[key] !== undefined);
  const [first, second] = set;
  const at = (key: string) => [...path, key];
  if (second !== undefined)
    return [{ path: at(second), what: `there is ${first} as well`, help: "Keep one of the two." }];
  const isToken = TOKENS.some((key) => key === first);
  if (first !== undefined && isToken && written.username !== undefined)
    return [
      {
        path: at(first),
        what: "there is a username as well",
        help: "Keep username and password, or token.",
      },
    ];
  if (first !== undefined && !isToken && written.username === undefined)
    return [{ path: at(first), what: "there is no username", help: "Add the username." }];
  if (written.refresh !== undefined && !first?.endsWith("Command"))
    return [
      {
        path: at("refresh"),
        what: "there is no command",
        help: "Take it out: files are read when they change.",
      },
    ];
  return [];
}
