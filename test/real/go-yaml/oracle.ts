// The packages that Helm reads YAML with, asked over a pipe: main.go, built with `go` once for each state of its sources.

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { install } from "../program.ts";
import { cachedProgram } from "../program-cache.ts";

const SOURCES = ["main.go", "go.mod", "go.sum"] as const;

export interface OracleAnswer {
  /** What was read. */
  readonly json?: string;
  readonly parts?: readonly string[];
  /** Without what sigs.k8s.io/yaml puts in front. */
  readonly error?: string;
  /** Go picks one of two keys by chance, such as `1` and `"1"`. */
  readonly ambiguous?: boolean;
}

export interface Oracle {
  /** `yaml`: sigs.k8s.io/yaml, Unmarshal; `strict`: UnmarshalStrict; `values`: Helm's LoadValues; `documents`: YAMLReader. */
  readonly ask: (
    as: "yaml" | "strict" | "values" | "documents" | "float",
    text: string,
  ) => Promise<OracleAnswer>;
  readonly stop: () => Promise<void>;
}

export async function startOracle(): Promise<Oracle> {
  const child = spawn(await build(), { stdio: ["pipe", "pipe", "inherit"] });
  const waiting: ((line: string) => void)[] = [];
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.(line));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    ask: async (as, text) => {
      const line = new Promise<string>((resolve) => waiting.push(resolve));
      child.stdin.write(`${JSON.stringify({ as, text })}\n`);
      return readAnswer(await line);
    },
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

async function build(): Promise<ChildProcess["spawnfile"]> {
  const folder = import.meta.dirname;
  const hash = createHash("sha256");
  for (const file of SOURCES) hash.update(await readFile(join(folder, file)));
  return cachedProgram(`go-yaml-oracle-${hash.digest("hex").slice(0, 12)}`, (_, target) =>
    install("go-yaml", ["go", "build", "-C", folder, "-o", target, "."], { GOTOOLCHAIN: "auto" }),
  );
}

function readAnswer(line: string): OracleAnswer {
  const answer: OracleAnswer = JSON.parse(line);
  return answer.error === undefined ? answer : { ...answer, error: withoutPrefix(answer.error) };
}

function withoutPrefix(error: string): string {
  return error
    .replace(/^cannot unmarshal yaml document: /, "")
    .replace(/^error reading yaml document: /, "")
    .replace(/^error (converting YAML to JSON|unmarshaling JSON): (while decoding JSON: )?/, "");
}
