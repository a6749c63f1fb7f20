// server.yaml changes while the server runs, as operators change it: in place, by another file, and with a mistake.

import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Bot, startBot } from "../../src/sandbox/demo/bot.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

let folder: string;
let file: string;
let hookSecret: string;
let ciSecret: string;
let bot: Bot;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reload-"));
  file = join(folder, "server.yaml");
  await writeFile(file, serverYaml("first"));
  hookSecret = join(folder, "hook-secret");
  await writeFile(hookSecret, "hush\n");
  ciSecret = join(folder, "ci-secret");
  await writeFile(ciSecret, "third\n");
  bot = await startBot({
    ...{ PORT: "0", HOST: "127.0.0.1", DATA_DIR: join(folder, "data"), SERVER_CONFIG: file },
    ...{ WEBHOOK_SECRET_FILE: hookSecret, CI_SECRET_FILE: ciSecret },
    ...{ APP_ID: "1", GHE_HOST: "127.0.0.1:1", GHE_PROTOCOL: "http" },
    PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  });
});
afterEach(async () => {
  await bot.stop();
  await rm(folder, { recursive: true });
});

function serverYaml(secret: string, more = ""): string {
  return `chartRepositories:
  stakater: { url: http://127.0.0.1:1, poll: off }
publishers:
  ci: { secret: ${secret}, repository: stakater, charts: [web] }
metrics: { token: ${secret} }
${more}`;
}

let version = 0;
async function publish(secret: string): Promise<number> {
  version += 1;
  const answer = await fetch(`${bot.url}/publish`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`ci:${secret}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ chart: "web", version: `1.0.${version}` }),
  });
  return answer.status;
}

async function webhook(secret: string): Promise<number> {
  const body = JSON.stringify({ zen: "Keep it logically awesome." });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const headers = {
    ...{ "content-type": "application/json", "x-github-event": "ping" },
    ...{ "x-github-delivery": randomUUID(), "x-hub-signature-256": `sha256=${signature}` },
  };
  return (await fetch(`${bot.url}/api/github/webhooks`, { method: "POST", headers, body })).status;
}

/** As operators and mounts do it: by another file in its place. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function metrics(token: string): Promise<number> {
  return (await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
}

function hangUp(): void {
  process.kill(bot.pid, "SIGHUP");
}

/** What it says once more than it had said. */
async function says(words: string, act: () => Promise<void> | void): Promise<void> {
  const before = bot.replies.filter((line) => line.includes(words)).length;
  await act();
  for (let tries = 0; tries < 300; tries++) {
    if (bot.replies.filter((line) => line.includes(words)).length > before) return;
    await sleep(50);
  }
  throw new Error(`it does not say "${words}": ${bot.replies.join("\n")}`);
}

const AGAIN = "server.yaml was read again";
const UNUSABLE = "server.yaml cannot be used as it is now";

test("a changed file holds within seconds, for publishers and for who reads the metrics", async () => {
  expect([await publish("first"), await publish("second")]).toEqual([202, 401]);
  await says(AGAIN, () => replace(file, serverYaml("second")));
  expect([await publish("first"), await publish("second")]).toEqual([401, 202]);
  expect([await metrics("first"), await metrics("second")]).toEqual([401, 200]);
});

test("so does a changed file of a secret, while server.yaml stays the same", async () => {
  expect([await webhook("hush"), await webhook("whisper")]).toEqual([202, 401]);
  await says(AGAIN, () => replace(hookSecret, "whisper\n"));
  expect([await webhook("hush"), await webhook("whisper")]).toEqual([401, 202]);
});

test("so does one that server.yaml did not name before; it is no longer looked at when that names it no more", async () => {
  await says(AGAIN, () => replace(file, serverYaml("$" + "{CI_SECRET}")));
  expect([await publish("first"), await publish("third")]).toEqual([401, 202]);
  await says(AGAIN, () => replace(ciSecret, "fourth\n"));
  expect([await publish("third"), await publish("fourth")]).toEqual([401, 202]);
  await says(AGAIN, () => replace(file, serverYaml("first")));
  const readAgain = bot.replies.filter((line) => line.includes(AGAIN)).length;
  await replace(ciSecret, "fifth\n");
  await sleep(3_000);
  expect(bot.replies.filter((line) => line.includes(AGAIN))).toHaveLength(readAgain);
});

test("SIGHUP reads it at once, and ends nothing", async () => {
  await writeFile(file, serverYaml("second"));
  await says(AGAIN, hangUp);
  expect([await publish("first"), await publish("second")]).toEqual([401, 202]);
});

test("a broken one changes nothing, is told with its line, and is forgotten when it is mended", async () => {
  await says(UNUSABLE, async () => {
    await writeFile(file, serverYaml("second", "publisherz: {}\n"));
    hangUp();
  });
  expect([await publish("first"), await publish("second")]).toEqual([202, 401]);
  expect(bot.replies.join("\n")).toContain("publisherz");
  expect(bot.replies.join("\n")).not.toContain("secret: second");
  await says(AGAIN, async () => {
    await writeFile(file, serverYaml("second"));
    hangUp();
  });
  expect(await publish("second")).toBe(202);
});
