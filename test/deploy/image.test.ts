// The Dockerfile and the compose file, read: what they promise holds without an engine to build them with.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { readSettings } from "../../src/settings/read-settings.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const manifest: {
  readonly version: string;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
} = JSON.parse(read("package.json"));

/** Instructions with their lines joined. */
const instructions = read("deploy/Dockerfile")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line.trim() !== "");
const images = new Map(
  instructions.flatMap((line) => {
    const [, name = "", image = ""] = /^ARG (\w+)=(\S+)$/.exec(line) ?? [];
    return name === "" ? [] : [[name, image]];
  }),
);
const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith("FROM ")));

/** `name:1.2.3-variant4.5`, with a digest or without: nothing that moves. */
const EXACT = /^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+[\d.]*(-slim)?)?(@sha256:[0-9a-f]{64})?$/;

test("every stage begins with an exact version", () => {
  const stages = instructions.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
  const froms = stages.map((from) => images.get(/^\$\{(\w+)\}$/.exec(from)?.[1] ?? "") ?? from);
  expect(froms.toSorted()).toEqual(["scratch", ...images.values()].toSorted());
  for (const image of images.values()) expect(image).toMatch(EXACT);
});

test("it runs as nobody in particular, says whether it lives, and installs nothing itself", () => {
  expect(last).toContain("USER 10001:10001");
  expect(last.filter((line) => line.startsWith("HEALTHCHECK"))).toHaveLength(1);
  expect(last.filter((line) => /^(RUN|ADD)\b/.test(line))).toEqual([]);
  expect(last.findIndex((line) => line.startsWith("USER"))).toBeGreaterThan(
    last.findLastIndex((line) => line.startsWith("COPY")),
  );
});

test("its Node is the one that the tests run on", () => {
  const { version } = JSON.parse(read("node_modules/node/package.json"));
  expect(images.get("NODE")).toMatch(`node:${version}-`);
  expect(images.get("BUILD")).toMatch(`node:${version}-`);
  expect(Object.values(manifest.optionalDependencies)).toEqual([version, version]);
});

test("what is sent to the engine is what the image is made of", () => {
  const kept = read(".dockerignore").match(/(?<=^!).*/gm) ?? [];
  expect(kept).toEqual(
    expect.arrayContaining(manifest.files.filter((file) => !["bundle", "dist"].includes(file))),
  );
  expect(kept).toEqual(expect.arrayContaining(["src", "tsconfig.json", "package-lock.json", ".npmrc"]));
});

test("the server is started with the same young generation everywhere", () => {
  const flag = /--max-semi-space-size=\d+/;
  const start = flag.exec(manifest.scripts["start"] ?? "")?.[0] ?? "no flag";
  expect(last.find((line) => line.startsWith("ENV "))).toContain(`NODE_OPTIONS=${start} `);
  expect(read("deploy/systemd/chart-promoter.service")).toContain(`\nEnvironment=NODE_OPTIONS=${start}\n`);
  expect(read("src/tools/bench/own-process.ts")).toContain(`"${start}"`);
});

test("the chart and the systemd unit name this version", () => {
  const chart = parse(read("deploy/chart/Chart.yaml"));
  expect(chart).toMatchObject({ version: manifest.version, appVersion: manifest.version });
  expect(read("deploy/systemd/chart-promoter.service")).toContain(`chart-promoter-${manifest.version}.tgz`);
  expect(read("deploy/Dockerfile")).toContain(`chart-promoter:${manifest.version}`);
});

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
}

test("the compose file names exact images, and each of its variables stands in the example", () => {
  const text = read("deploy/compose/compose.yaml");
  const { services }: { readonly services: Readonly<Record<string, Service>> } = parse(text);
  const used = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
  const offered = [...read("deploy/compose/.env.example").matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
  expect(Object.keys(services)).toEqual(["chart-promoter", "postgres", "chartmuseum"]);
  for (const { image } of Object.values(services)) expect(image).toMatch(EXACT);
  expect([...new Set(used)].sort()).toEqual(offered.toSorted());
});

test("the compose file's server.yaml is one that the server takes", async () => {
  const { services }: { readonly services: Readonly<Record<string, Service>> } = parse(
    read("deploy/compose/compose.yaml"),
  );
  const env = { ...services["chart-promoter"]?.environment, APP_ID: "1" };
  const settings = await readSettings({ ...env, SERVER_CONFIG: "server.yaml" }, async (path) =>
    path === "server.yaml" ? Buffer.from(read("deploy/compose/server.yaml")) : Buffer.from("no key"),
  );
  const complaints = settings.ok ? [] : settings.problems.map(({ message }) => message);
  expect(complaints).toEqual(["PRIVATE_KEY_PATH holds no RSA private key."]);
});
