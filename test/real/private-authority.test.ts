// A chart repository whose certificate is signed by a company's own authority, which the server is told of by
// NODE_EXTRA_CA_CERTS: over https, in the process and in its threads.

import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startMuseum } from "../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { startBot } from "../../src/sandbox/demo/bot.ts";
import { isSkipped, run } from "./program.ts";

const suite = isSkipped("openssl") ? describe.skip : describe;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

suite("a private certificate authority", () => {
  let folder: string;
  let museum: Awaited<ReturnType<typeof startMuseum>>;
  let server: Server;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "authority-"));
    await openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=Acme",
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
    );
    await openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=museum",
      "-keyout",
      "museum.key",
      "-out",
      "museum.csr",
    );
    await writeFile(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n");
    await openssl(
      "x509",
      "-req",
      "-in",
      "museum.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "names",
      "-out",
      "museum.pem",
    );
    museum = await startMuseum();
    await museum.upload(packChart({ name: "web", version: "1.0.0" }));
    server = await startTls(museum.url);
  });
  afterAll(async () => {
    server?.close();
    await museum?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const openssl = (...given: readonly string[]) => run("openssl", [...given], { cwd: folder });

  async function startTls(target: string): Promise<Server> {
    const [key, cert] = [
      await readFile(join(folder, "museum.key")),
      await readFile(join(folder, "museum.pem")),
    ];
    const made = createServer({ key, cert }, (request, response) => {
      void fetch(`${target}${request.url}`).then(async (answer) =>
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())),
      );
    });
    made.listen(0, "127.0.0.1");
    await once(made, "listening");
    return made;
  }

  /** Whether web 1.0.0 is verified within a few seconds, in each kind of chart repository. */
  async function states(data: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const { port } = server.address() as AddressInfo;
    const file = join(folder, "server.yaml");
    const at = (kind: string) =>
      `{ url: https://${kind}.example.com, fetchFrom: "https://127.0.0.1:${port}", kind: ${kind}, poll: off }`;
    const publisher = (name: string) => `  ${name}: { secret: s, repository: ${name}, charts: [web] }\n`;
    await writeFile(
      file,
      `chartRepositories:\n  museum: ${at("chartmuseum")}\n  index: ${at("index")}\n` +
        `publishers:\n${publisher("museum")}${publisher("index")}`,
    );
    const bot = await startBot({
      ...{ PORT: "0", HOST: "127.0.0.1", DATA_DIR: join(folder, data), SERVER_CONFIG: file },
      ...{ APP_ID: "1", WEBHOOK_SECRET: "hush", GHE_HOST: "127.0.0.1:1", GHE_PROTOCOL: "http" },
      PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
      ...env,
    });
    try {
      return await Promise.all(["museum", "index"].map((name) => stateOf(bot.url, name)));
    } finally {
      await bot.stop();
    }
  }

  it("is trusted where NODE_EXTRA_CA_CERTS names it, and nowhere else", async () => {
    expect(await states("without", {})).toEqual(["accepted", "accepted"]);
    const trusted = { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") };
    expect(await states("with", trusted)).toEqual(["verified", "verified"]);
  });
});

async function stateOf(url: string, publisher: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${publisher}:s`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  const body = JSON.stringify({ chart: "web", version: "1.0.0" });
  const answer = await fetch(`${url}/publish`, { method: "POST", headers, body });
  const { id }: { readonly id: string } = JSON.parse(await answer.text());
  const progress = await fetch(`${url}/publishes/${id}?wait=8`, { headers: { authorization } });
  return Object(await progress.json())["state"];
}
