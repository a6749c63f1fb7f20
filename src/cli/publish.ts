// `publish`: a pipeline announces a chart that it has uploaded.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { parse } from "yaml";

interface Options {
  readonly server: string;
  readonly publisher: string;
  readonly secretEnv: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly repository?: string;
  readonly archive?: string;
  readonly digest?: string;
  readonly values?: string;
  readonly sourceRepository?: string;
  readonly revision?: string;
  readonly build?: string;
  readonly wait?: string;
  readonly json?: boolean;
}

export function addPublish(program: Command): void {
  program
    .command("publish")
    .description("announce a chart version that stands in the chart repository")
    .requiredOption("--server <url>", "where chart-promoter listens")
    .requiredOption("--publisher <name>", "the publisher's name in server.yaml")
    .option("--secret-env <name>", "environment variable with the publisher's secret", "PUBLISH_SECRET")
    .requiredOption("--chart <name>", "the chart")
    .requiredOption("--chart-version <version>", "the version")
    .option("--repository <name>", "the chart repository's name in server.yaml; default: the publisher's")
    .option("--archive <file>", "the packed chart, to announce its digest")
    .option("--digest <sha256:hex>", "the digest of the packed chart")
    .option("--values <file>", "YAML or JSON of values to set with the promotion")
    .option("--source-repository <name>", "where the chart was built from")
    .option("--revision <commit>", "the commit it was built from")
    .option("--build <url>", "the build")
    .option("--wait <seconds>", "wait up to that long until nothing is pending")
    .option("--json", "print one JSON document")
    .action(publish);
}

async function publish(options: Options): Promise<void> {
  const secret = process.env[options.secretEnv];
  if (!secret) return refuse(`the environment variable ${options.secretEnv} is not set`);
  const authorization = `Basic ${Buffer.from(`${options.publisher}:${secret}`).toString("base64")}`;
  const server = options.server.replace(/\/+$/, "");
  const announced = await send(`${server}/publish`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(await announcement(options)),
  });
  if (!announced.ok) return refuse(announced.text);
  const { id }: { id: string } = JSON.parse(announced.text);
  const answer =
    options.wait === undefined
      ? announced
      : await send(`${server}/publishes/${id}?wait=${options.wait}`, { headers: { authorization } });
  if (!answer.ok) return refuse(answer.text);
  process.stdout.write(options.json === true ? `${answer.text}\n` : `${summary(answer.text)}\n`);
  const { state }: { state: string } = JSON.parse(answer.text);
  if (state === "rejected") process.exitCode = 1;
}

async function announcement(options: Options): Promise<object> {
  const {
    chart,
    chartVersion: version,
    repository,
    archive,
    values,
    sourceRepository,
    revision,
    build,
  } = options;
  const digest = archive === undefined ? options.digest : await digestOf(archive);
  const source = {
    ...(sourceRepository !== undefined && { repository: sourceRepository }),
    ...(revision !== undefined && { revision }),
    ...(build !== undefined && { build }),
  };
  return {
    chart,
    version,
    ...(repository !== undefined && { repository }),
    ...(digest !== undefined && { digest }),
    ...(values !== undefined && { values: parse(await readFile(values, "utf8")) }),
    ...(Object.keys(source).length > 0 && { source }),
  };
}

async function digestOf(file: string): Promise<string> {
  return `sha256:${createHash("sha256")
    .update(await readFile(file))
    .digest("hex")}`;
}

async function send(
  url: string,
  init: RequestInit,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(90_000) });
    const text = await answer.text();
    return { ok: answer.ok, text: answer.ok ? text : `${answer.status}: ${text}` };
  } catch (error) {
    return {
      ok: false,
      text: `${url} does not answer: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

interface Said {
  readonly id: string;
  readonly state: string;
  readonly promotions?: readonly {
    readonly environment: string;
    readonly state: string;
    readonly because: string;
  }[];
}

function summary(text: string): string {
  const { id, state, promotions = [] }: Said = JSON.parse(text);
  return [
    `${id}: ${state}`,
    ...promotions.map((one) => `  ${one.environment}: ${one.state}, ${one.because}`),
  ].join("\n");
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
