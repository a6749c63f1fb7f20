// Debian's docker-registry tells the server of what is pushed to it, one event at a time, and goes on past what is refused.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChartRepository } from "../../../src/domain/model/config/settings.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import { type Running as Server, startServer } from "../../support/http-server.ts";
import { isSkipped, type Running, run, start } from "../program.ts";
import { dockerRegistry } from "./docker-registry-program.ts";

const SECRET = "open sesame";
const PUBLISHER = { name: "charts", secret: SECRET, repository: "charts", charts: ["web", "api"] };
const WAITS_MS = 30_000;

let folder: string;
let helm: string;
let server: Server;
let registry: Running;
let host: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "notifications-"));
  helm = await helmBinary();
  const url = "oci://registry.example.com/charts";
  const repository: ChartRepository = {
    ...{ name: "charts", url, also: [], kind: "oci", fetchFrom: url, credentials: { kind: "none" } },
  };
  server = await startServer({ settings: { publishers: [PUBLISHER], chartRepositories: [repository] } });
  const config = {
    version: "0.1",
    storage: { filesystem: { rootdirectory: join(folder, "storage") } },
    http: { addr: "127.0.0.1:0" },
    notifications: {
      events: { includereferences: true },
      endpoints: [
        {
          name: "bot",
          url: `${server.url}/publish/distribution/charts`,
          headers: { Authorization: [`Bearer ${SECRET}`] },
          timeout: "5s",
          threshold: 1000,
          backoff: "100ms",
        },
      ],
    },
  };
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  registry = await start(
    [await dockerRegistry(), "serve", join(folder, "config.yml")],
    /listening on ([\d.]+:\d+)/,
  );
  host = registry.match[1] ?? "";
}, 300_000);

afterEach(async () => {
  await registry.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function push(name: string, version: string, path = "charts"): Promise<void> {
  const file = join(folder, `${name}-${version}.tgz`);
  await writeFile(file, packChart({ name, version }));
  await run(helm, ["push", file, `oci://${host}/${path}`, "--plain-http"], { cwd: folder });
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + WAITS_MS; !condition(); await sleep(50))
    if (Date.now() > end) throw new Error("waited in vain");
}

const suite = isSkipped("docker-registry") ? describe.skip : describe;

suite("a real docker-registry", () => {
  test("announces what helm pushes, and is held up by nothing that is refused", async () => {
    await push("somebody-elses", "1.0.0");
    await push("web", "1.0.0", "elsewhere");
    await push("web", "1.0.0");
    await push("api", "2.0.0+build.1");
    await until(() => server.records.all().length === 2);
    expect(server.records.all()).toMatchObject([
      { chart: "web", version: "1.0.0", digest: expect.stringMatching(/^sha256:/) },
      { chart: "api", version: "2.0.0+build.1" },
    ]);
    expect(new Set(server.refusals().map(({ fields }) => [fields["status"], fields["code"]].join()))).toEqual(
      new Set(["202,forbidden"]),
    );
  }, 120_000);

  test("repeats what cannot be stored until it can", async () => {
    server.records.broken = new Error("down");
    await push("web", "1.0.0");
    await until(() => server.refusals().length > 2);
    expect(server.refusals().every(({ fields }) => fields["status"] === 503)).toBe(true);
    server.records.broken = undefined;
    await until(() => server.records.all().length === 1);
  }, 120_000);
});
