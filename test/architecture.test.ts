// The map: which folder may import which, and which libraries it may use. When the map is wrong, it is redrawn here first.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

interface Room {
  /** Folders of src (or files at its top) that it may import, besides itself. */
  readonly rooms: readonly string[];
  /** npm packages, and `node:` modules. */
  readonly libraries: readonly string[];
}

/** No clock, logger, network, environment or file may be reached from here. */
const PURE = [
  "model",
  "versions",
  "config",
  "manifest",
  "plan",
  "pull-request",
  "merge",
  "review",
  "check",
  "command",
];

const MAP: Readonly<Record<string, Room>> = {
  model: { rooms: [], libraries: [] },
  versions: { rooms: ["model"], libraries: ["semver"] },
  config: { rooms: ["model", "versions"], libraries: ["zod", "yaml"] },
  "settings.ts": { rooms: ["model", "settings"], libraries: [] },
  settings: { rooms: ["model", "config"], libraries: ["zod", "node:crypto", "node:path"] },
  inbox: {
    rooms: ["model"],
    libraries: ["zod", "semver", "standardwebhooks", "node:*"],
  },
  charts: {
    rooms: ["model", "versions"],
    libraries: ["js-yaml", "openpgp", "semver", "tar-stream", "zod", "node:*"],
  },
  manifest: { rooms: ["model", "versions"], libraries: ["yaml", "node:crypto"] },
  plan: { rooms: ["model", "versions", "manifest"], libraries: ["yaml", "diff"] },
  "pull-request": { rooms: ["model"], libraries: ["node:crypto"] },
  merge: { rooms: ["model"], libraries: [] },
  deploy: { rooms: ["model"], libraries: ["zod", "standardwebhooks", "node:*"] },
  review: {
    rooms: ["model", "versions"],
    libraries: [
      "yaml",
      "js-yaml",
      "semver",
      "diff",
      "ajv",
      "ajv-*",
      "node:crypto",
      "node:vm",
      "node:worker_threads",
    ],
  },
  check: { rooms: ["model", "versions", "manifest", "merge", "plan", "review"], libraries: [] },
  command: { rooms: ["model", "versions"], libraries: ["micromark"] },
  helm: { rooms: ["model", "review"], libraries: ["node:*"] },
  github: { rooms: ["model", "pull-request"], libraries: ["probot", "@octokit/rest"] },
  store: { rooms: ["model"], libraries: ["kysely", "pg", "pg-boss", "node:*"] },
  http: { rooms: ["model", "inbox"], libraries: ["fastify", "prom-client", "node:*"] },
  /** The order of the stages; `FLOW` is the map of its folders. Adapters come in through the ports of flow/world.ts. */
  flow: {
    rooms: [
      "model",
      "versions",
      "config",
      "manifest",
      "plan",
      "pull-request",
      "merge",
      "deploy",
      "review",
      "check",
      "command",
      "store",
    ],
    libraries: ["yaml", "node:crypto"],
  },
  "flow.ts": { rooms: ["flow"], libraries: [] },
  control: { rooms: ["model", "store"], libraries: ["fastify", "node:*"] },
  "inspection.ts": { rooms: ["charts", "flow", "helm"], libraries: [] },
  "readiness.ts": { rooms: ["store"], libraries: [] },
};

/** Folders of flow, each with those it may import besides world.ts: what comes later in the story knows what came before. */
const FLOW: Readonly<Record<string, readonly string[]>> = {
  ports: [],
  publish: [],
  installation: [],
  look: [],
  upstream: ["installation"],
  promote: ["look", "upstream"],
  check: ["ports", "look", "upstream"],
  deploy: ["look", "upstream", "promote"],
  command: ["look", "promote", "check"],
};

/** Composition roots and what stands outside the program: they may import anything. */
const FREE = new Set(["index.ts", "server.ts", "cli", "sandbox", "corpus", "bench"]);

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

test("every file of src is on the map", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => !MAP[roomOf(file)] && !FREE.has(roomOf(file)))).toEqual([]);
});

test("every room of the map is there", () => {
  const rooms = new Set(files.map(roomOf));
  expect(Object.keys(MAP).filter((room) => !rooms.has(room))).toEqual([]);
});

test.each(Object.entries(MAP))("%s imports what it may, and nothing else", (room, { rooms, libraries }) => {
  const strangers = files
    .filter((file) => roomOf(file) === room)
    .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
    .filter(({ file, name }) => {
      if (!name.startsWith(".")) return !libraries.some((allowed) => matches(allowed, name));
      const target = roomOf(relative(SRC, resolve(SRC, dirname(file), name)));
      return target !== room && !rooms.includes(target);
    });
  expect(strangers).toEqual([]);
});

test.each(Object.entries(FLOW))("flow/%s imports only what came before it", (folder, earlier) => {
  const allowed = ["world.ts", folder, ...earlier];
  const strangers = files
    .filter((file) => file.startsWith(`flow/${folder}/`))
    .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
    .map(({ file, name }) => ({ file, target: join(dirname(file), name) }))
    .filter(({ target }) => target.startsWith("flow/") && !allowed.includes(target.split("/")[1] ?? ""));
  expect(strangers).toEqual([]);
});

test("every folder of flow is on its map", () => {
  const folders = files.filter((file) => /^flow\/.*\//.test(file)).map((file) => file.split("/")[1]);
  expect(new Set(folders)).toEqual(new Set(Object.keys(FLOW)));
});

test.each(PURE)("%s reaches no clock, environment, console or chance", (room) => {
  const impure = files
    .filter((file) => roomOf(file) === room)
    .flatMap((file) => {
      const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      const found =
        code.match(/new Date\(\)|Date\.now|process\.|console\.|Math\.random|\bfetch\(|setTimeout/g) ?? [];
      return found.map((what) => `${file}: ${what}`);
    });
  expect(impure).toEqual([]);
});

test("nothing in src imports a test or a fixture", () => {
  const found = files.filter((file) => importsOf(file).some((name) => /(^|\/)(test|fixtures)\//.test(name)));
  expect(found).toEqual([]);
});

function roomOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(SRC, file), "utf8");
  const statements = code.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function matches(allowed: string, name: string): boolean {
  return allowed.endsWith("*")
    ? name.startsWith(allowed.slice(0, -1))
    : name === allowed || name.startsWith(`${allowed}/`);
}
