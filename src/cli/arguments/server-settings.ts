// The file of the option --server-config, for commands that run without the server.

import { readFile } from "node:fs/promises";
import { fail, ok, type Result } from "../../domain/model/problem.ts";
import { readServerFile } from "../../settings/server-file.ts";
import { readText } from "./read-text.ts";

type ServerSettings = Awaited<ReturnType<typeof readServerFile>>["settings"];

/** One problem for each mistake in the file. */
export async function readServerSettings(path: string): Promise<Result<ServerSettings>> {
  const help = "Name a server.yaml with --server-config.";
  const text = await readText({ path, code: "settings-invalid", help });
  if (!text.ok) return text;
  const { settings, problems } = await readServerFile(path, text.value, { env: process.env, readFile });
  const [first, ...rest] = problems;
  return first ? fail(first, ...rest) : ok(settings);
}
