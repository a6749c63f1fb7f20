// Debian's docker-registry (github.com/distribution/distribution) beside the offline registry: what is stored in one is
// copied to the other, and both must give the same answers to everything the bot asks.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fetchArchive, fetchProvenance } from "../../../src/adapters/charts/archive/fetch-archive.ts";
import { openArchive } from "../../../src/adapters/charts/archive/open-archive.ts";
import { listVersions } from "../../../src/adapters/charts/list-versions.ts";
import { lookUp } from "../../../src/adapters/charts/look-up.ts";
import { imageExists } from "../../../src/adapters/charts/oci/image-exists.ts";
import { type OciRegistry, startOciRegistry } from "../../../src/sandbox/chartmuseum/oci-registry.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import { chartRepository } from "../../adapters/charts/repository.ts";
import { isSkipped, type Running, run, start } from "../program.ts";
import { dockerRegistry } from "./docker-registry-program.ts";

const LOGIN = { username: "reader", password: "secret" };
/** Of LOGIN, by `htpasswd -B`: the registry takes bcrypt only. */
const HTPASSWD = "reader:$2y$05$pdvOpDs1cwDY4MQvGpYHb.fFLImJZGUi5yHvFdIrtdGc0gBBJATNO";
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString("base64")}`;
const VERSIONS = ["1.0.0", "1.1.0+build.7"];

const suite = isSkipped("docker-registry") ? describe.skip : describe;

suite.each(["none", "basic"] as const)("a real docker-registry with authentication %s", (auth) => {
  const world: { offline?: OciRegistry; real?: string; running?: Running; folder?: string } = {};

  beforeAll(async () => {
    const offline = await startOciRegistry(auth === "basic" ? { auth: { kind: "basic", ...LOGIN } } : {});
    for (const version of VERSIONS)
      await offline.pushChart("charts", packChart({ name: "xposer", version }), `signed ${version}`);
    offline.pushImage("team/web", "1.0");
    const folder = await mkdtemp(join(tmpdir(), "docker-registry-"));
    const program = await dockerRegistry();
    const running = await start(
      [program, "serve", await writeConfig(folder, auth)],
      /listening on ([\d.]+:\d+)/,
    );
    const real = `http://${running.match[1]}`;
    Object.assign(world, { offline, folder, running, real });
    for (const version of VERSIONS)
      await copy([offline.url, real], "charts/xposer", version.replaceAll("+", "_"));
    await copy([offline.url, real], "team/web", "1.0");
  }, 300_000);

  afterAll(async () => {
    await world.running?.stop();
    await world.offline?.close();
    if (world.folder !== undefined) await rm(world.folder, { recursive: true });
  });

  /** The answers of both to one question, addresses left out. */
  async function answers(question: (url: string) => Promise<unknown>): Promise<readonly [unknown, unknown]> {
    const { offline, real } = world;
    if (offline === undefined || real === undefined) throw new Error("not started");
    const ask = async (url: string) =>
      JSON.parse(JSON.stringify(await question(url)).replaceAll(new URL(url).host, "HOST"));
    return [await ask(real), await ask(offline.url)];
  }

  function repository(url: string, password = LOGIN.password) {
    const credentials = { kind: "basic", username: LOGIN.username, password } as const;
    return chartRepository(`${url}/charts`, { kind: "oci", ...(auth === "basic" && { credentials }) });
  }

  test.each([
    ["1.0.0", "found"],
    ["1.1.0+build.7", "found"],
    ["9.9.9", "missing"],
  ])("a look-up of %s is %s", async (version, kind) => {
    const [real, offline] = await answers((url) => lookUp(repository(url), { chart: "xposer", version }));
    expect(real).toMatchObject({ kind });
    expect(real).toEqual(offline);
  });

  test("an unknown chart is missing", async () => {
    const [real] = await answers((url) => lookUp(repository(url), { chart: "none", version: "1.0.0" }));
    expect(real).toMatchObject({ kind: "missing" });
  });

  test("tags are listed, none for an unknown chart", async () => {
    const [real, offline] = await answers(async (url) => {
      const lists = ["xposer", "none"].map((chart) => listVersions(repository(url), { chart }));
      return (await Promise.all(lists)).map((listed) =>
        listed.kind === "changed" ? [...listed.versions] : listed,
      );
    });
    expect(real).toEqual([[["xposer", VERSIONS.map((version) => ({ version }))]], [["none", []]]]);
    expect(real).toEqual(offline);
  });

  test("archive and provenance come as they were pushed", async () => {
    const name = { chart: "xposer", version: "1.0.0" };
    const [real, offline] = await answers(async (url) => [
      await fetchArchive(repository(url), name),
      await fetchProvenance(repository(url), name),
    ]);
    expect(real).toEqual(offline);
    expect(real).toMatchObject([{ ok: true }, { ok: true, value: "signed 1.0.0" }]);
  });

  test.each([
    ["team/web:1.0", "exists"],
    ["team/web:2.0", "missing"],
    ["none:1.0", "missing"],
    [`team/web@sha256:${"0".repeat(64)}`, "missing"],
  ])("the image %s is %s", async (image, kind) => {
    const [real, offline] = await answers((url) => {
      const { host } = new URL(url);
      return imageExists([{ host, ...(auth === "basic" && LOGIN) }], `${host}/${image}`);
    });
    expect(real).toMatchObject({ kind });
    expect(offline).toMatchObject({ kind });
  });

  if (auth === "none")
    test("what a real helm packed and pushed is found, fetched and opened", async () => {
      const { real = "", folder = "" } = world;
      const helm = await helmBinary();
      await run(helm, ["create", "made-by-helm"], { cwd: folder });
      await run(helm, ["package", "made-by-helm", "--version", "3.2.1+helm"], { cwd: folder });
      const target = `${real.replace("http:", "oci:")}/charts`;
      await run(helm, ["push", "made-by-helm-3.2.1+helm.tgz", target, "--plain-http"], { cwd: folder });
      const found = await lookUp(repository(real), { chart: "made-by-helm", version: "3.2.1+helm" });
      const fetched = await fetchArchive(repository(real), { chart: "made-by-helm", version: "3.2.1+helm" });
      const opened = fetched.ok ? await openArchive(fetched.value.packed) : fetched;
      expect(found).toMatchObject({ kind: "found", digest: fetched.ok && fetched.value.digest });
      expect(opened).toMatchObject({
        ok: true,
        value: { metadata: { version: "3.2.1+helm", apiVersion: "v2" } },
      });
      expect(found.kind === "found" && found.metadata).toEqual(opened.ok && opened.value.metadata);
    });

  if (auth === "basic")
    test("a wrong password leaves everything unknown", async () => {
      const [real, offline] = await answers(async (url) => {
        const { host } = new URL(url);
        const image = await imageExists([{ host, ...LOGIN, password: "wrong" }], `${host}/team/web:1.0`);
        const chart = await lookUp(repository(url, "wrong"), { chart: "xposer", version: "1.0.0" });
        return [image.kind, chart.kind];
      });
      expect(real).toEqual(["unknown", "unreachable"]);
      expect(real).toEqual(offline);
    });
});

async function writeConfig(folder: string, auth: "none" | "basic"): Promise<string> {
  const passwords = join(folder, "htpasswd");
  const config = {
    version: "0.1",
    storage: { filesystem: { rootdirectory: join(folder, "storage") } },
    http: { addr: "127.0.0.1:0" },
    ...(auth === "basic" && { auth: { htpasswd: { realm: "real", path: passwords } } }),
  };
  await writeFile(passwords, `${HTPASSWD}\n`);
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  return join(folder, "config.yml");
}

/** Copies a tag with everything it points at, from one registry to the other. */
async function copy([from, to]: readonly [string, string], repository: string, tag: string): Promise<void> {
  const manifest = await call(`${from}/v2/${repository}/manifests/${tag}`);
  const text = await manifest.text();
  const { config, layers }: { config: { digest?: string }; layers: { digest: string }[] } = JSON.parse(text);
  for (const { digest } of [config, ...layers]) {
    if (digest === undefined) continue;
    const blob = await (await call(`${from}/v2/${repository}/blobs/${digest}`)).arrayBuffer();
    const begun = await call(`${to}/v2/${repository}/blobs/uploads/`, { method: "POST" });
    const location = new URL(begun.headers.get("location") ?? "", to);
    location.searchParams.set("digest", digest);
    await call(location.href, { method: "PUT", body: blob });
  }
  const headers = { "content-type": manifest.headers.get("content-type") ?? "" };
  await call(`${to}/v2/${repository}/manifests/${tag}`, { method: "PUT", body: text, headers });
}

async function call(url: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  headers.set("authorization", BASIC);
  const response = await fetch(url, { ...options, headers });
  if (!response.ok)
    throw new Error(`${options.method ?? "GET"} ${url}: ${response.status} ${await response.text()}`);
  return response;
}
