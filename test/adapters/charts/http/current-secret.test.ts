// Logins that end while the server runs: from a file that is replaced, and from a command.

import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chartAccess } from "../../../../src/adapters/charts/chart-access.ts";
import type { SecretSource } from "../../../../src/domain/model/config/settings.ts";
import {
  type Incoming,
  json,
  type StandIn,
  startStandIn,
} from "../../../../src/sandbox/chartmuseum/stand-in.ts";
import { chartRepository } from "../repository.ts";

let folder: string;
let server: StandIn;
let accepted: string;
let failures: string[];
let charts: ReturnType<typeof chartAccess>;

/** A ChartMuseum that has web 1.0.0, for whoever has the password of now. */
function answer({ headers }: Incoming) {
  const wanted = `Basic ${Buffer.from(`reader:${accepted}`).toString("base64")}`;
  if (headers["authorization"] !== wanted) return json(401, { error: "unauthorized" });
  return json(200, {
    name: "web",
    version: "1.0.0",
    digest: "ab".repeat(32),
    urls: ["charts/web-1.0.0.tgz"],
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "secrets-"));
  server = await startStandIn(answer);
  failures = [];
  charts = chartAccess((why) => failures.push(why));
});
afterEach(async () => {
  await Promise.all([server.close(), charts.close()]);
  await rm(folder, { recursive: true });
});

async function lookUp(secretFrom: SecretSource): Promise<string> {
  const credentials = { kind: "basic", username: "reader", password: "" } as const;
  const repository = chartRepository(server.url, { credentials, secretFrom });
  return (await charts.lookUp(repository, { chart: "web", version: "1.0.0" })).kind;
}

/** As Kubernetes replaces mounted secrets. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

test("a password's file is read again when it was replaced", async () => {
  const path = join(folder, "password");
  const source = { kind: "file", path } as const;
  accepted = "first";
  await writeFile(path, "first\n");
  expect(await lookUp(source)).toBe("found");
  accepted = "other";
  await replaceFile(path, "other");
  expect(await lookUp(source)).toBe("found");
  expect(failures).toEqual([]);
});

test("a file that is gone for a moment leaves the password that it held, and is told of by name", async () => {
  const path = join(folder, "password");
  accepted = "first";
  await writeFile(path, "first");
  expect(await lookUp({ kind: "file", path })).toBe("found");
  await rm(path);
  expect(await lookUp({ kind: "file", path })).toBe("found");
  expect(failures).toEqual([`${path} cannot be read: ENOENT`]);
});

/** Prints the numbers of its runs. */
function counting(): readonly [string, ...string[]] {
  const log = join(folder, "runs");
  return ["sh", "-c", 'echo x >> "$1"; wc -l < "$1" | tr -d " "', "sh", log];
}

test("a command's output holds for its time, and those who wait for it share one run", async () => {
  const source = { kind: "command", command: counting(), everyMs: 60_000 } as const;
  accepted = "1";
  expect(await Promise.all([lookUp(source), lookUp(source), lookUp(source)])).toEqual([
    "found",
    "found",
    "found",
  ]);
  expect(await lookUp(source)).toBe("found");
});

test("a command is run again when its time is over", async () => {
  const source = { kind: "command", command: counting(), everyMs: 1 } as const;
  accepted = "1";
  expect(await lookUp(source)).toBe("found");
  await new Promise((resolve) => setTimeout(resolve, 5));
  accepted = "2";
  expect(await lookUp(source)).toBe("found");
});

test.each<[string, readonly [string, ...string[]], string]>([
  ["ends badly", ["sh", "-c", "echo s3cret; echo s3cret >&2; exit 3"], "sh ended with 3"],
  ["is not there", ["no-such-program"], "no-such-program: ENOENT"],
  ["prints nothing", ["true"], "true: it printed nothing"],
])("of a command that %s nothing is told that it said", async (_what, command, why) => {
  accepted = "s3cret";
  expect(await lookUp({ kind: "command", command, everyMs: 1 })).not.toBe("found");
  expect(failures).toEqual([why]);
});

test.each(["PRIVATE_KEY", "WEBHOOK_SECRET", "CLIENT_SECRET", "DATABASE_URL"])(
  "a command does not get the server's own %s",
  async (name) => {
    process.env[name] = "hush";
    try {
      accepted = "none";
      const command = ["sh", "-c", `echo "\${${name}:-none}"`] as const;
      expect(await lookUp({ kind: "command", command, everyMs: 1 })).toBe("found");
    } finally {
      delete process.env[name];
    }
  },
);
