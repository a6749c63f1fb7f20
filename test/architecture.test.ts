// The map: which folder of src may import which, and which libraries it may use. Three rings: `domain` decides, `intake`
// and `reconcile` are the application, `adapters` touch the outside. When the map is wrong, it is redrawn here first.

import { expect, test } from "@jest/globals";
import { FILES, type Import, importsOf, isIn, PRODUCT, textOf } from "../src/tools/architecture/imports.ts";

/** Folders in layers, the lowest first: each may import those before it in its list, never one behind it. */
const LAYERS = [
  [
    ...["model", "go-yaml", "versions", "strvals", "pull-request-body/markdown", "deployment", "drift"],
    ...["config", "umbrella", "pull-request-body", "plan", "pull-request", "merge", "notification", "board"],
    ...["dashboard-issue", "report", "onboarding", "slash-command", "check"],
  ].map((room) => `domain/${room}`),
  [
    ...["ports", "keys.ts", "requeue.ts", "until-converged.ts", "context.ts", "publish", "installation"],
    ...["repository", "sweep", "upstream", "chart", "promotion", "drift", "check-run"],
    ...["converge-promotions.ts", "board", "onboarding", "slash-command", "dashboard-issue", "merge"],
    ...["deployment", "reconcile-repository.ts", "notification", "report", "operator-actions.ts"],
    ...["act-for-person.ts", "prune.ts", "trace", "dispatch.ts"],
  ].map((room) => `reconcile/${room}`),
];

/** Of every other folder, the folders that it may import besides itself. An adapter knows ports, never another adapter but `threads`. */
const FOLDERS: Readonly<Record<string, string>> = {
  intake: "domain/model domain/strvals",
  reconcile: "domain",
  "adapters/threads": "",
  "adapters/github":
    "domain/model domain/deployment domain/pull-request-body/markdown reconcile/ports adapters/threads",
  "adapters/charts": "domain/model domain/versions domain/go-yaml adapters/threads",
  "adapters/deployers": "domain/model domain/deployment",
  "adapters/notifications": "domain/model domain/notification reconcile/ports",
  "adapters/store": "domain/model reconcile/ports",
  "adapters/http": "domain/model domain/report intake reconcile/ports",
  "adapters/dashboard":
    "domain/model domain/board domain/notification domain/report reconcile/board reconcile/ports reconcile/report reconcile/act-for-person.ts",
  "adapters/tracing": "reconcile/ports",
  "adapters/identity": "intake",
  "adapters/helm": "domain/model domain/pull-request-body adapters/threads",
  "adapters/decisions": "domain/model reconcile/ports adapters/threads",
  "adapters/control": "domain/model reconcile/ports",
  settings: "domain/model domain/config",
  "chart-tools": "domain adapters reconcile",
};

/** npm packages and modules of Node; `node:*` is any of these. */
const LIBRARIES: Readonly<Record<string, string>> = {
  "domain/versions": "semver",
  "domain/deployment": "croner",
  "domain/config": "zod yaml",
  "domain/umbrella": "yaml js-yaml node:crypto",
  "domain/pull-request-body": "js-yaml semver diff ajv ajv-* node:crypto node:vm node:worker_threads",
  "domain/plan": "diff",
  "domain/pull-request": "node:crypto diff",
  intake: "zod semver standardwebhooks node:*",
  reconcile: "yaml zod node:crypto",
  "adapters/threads": "node:*",
  "adapters/github": "node:crypto probot @octokit/rest @octokit/oauth-methods @octokit/request smee-client",
  "adapters/charts": "openpgp semver tar-stream zod node:*",
  "adapters/deployers": "zod standardwebhooks node:*",
  "adapters/notifications": "standardwebhooks",
  "adapters/store": "kysely pg node:*",
  "adapters/http": "fastify @fastify/swagger prom-client node:*",
  "adapters/dashboard": "fastify hono node:*",
  "adapters/tracing": "@opentelemetry/* node:async_hooks node:crypto",
  "adapters/identity": "jose",
  "adapters/helm": "node:*",
  "adapters/decisions": "node:*",
  "adapters/control": "fastify node:*",
  settings: "zod node:crypto node:path",
  "chart-tools": "node:crypto node:os",
};

/** Composition roots, and what is no product: they may import anything. */
const FREE = ["main.ts", "server.ts", "server", "cli", "sandbox", "tools"];

const LAYERED = LAYERS.flat();
const PLACES = [...LAYERED, ...Object.keys(FOLDERS)];

test("every file of src is on the map, and every folder of the map is there", () => {
  expect(FILES.length).toBeGreaterThan(480);
  expect(FILES.filter((file) => ![...PLACES, ...FREE].some((place) => isIn(file, place)))).toEqual([]);
  const places = [...PLACES, ...Object.keys(LIBRARIES)];
  expect(places.filter((place) => !FILES.some((file) => isIn(file, place)))).toEqual([]);
});

test.each(Object.entries(FOLDERS))("%s imports the folders that it may, and no other", (folder, others) => {
  const strangers = importsIn(folder).filter(leadsOutOf([folder, ...others.split(" ").filter(Boolean)]));
  expect(strangers).toEqual([]);
});

test.each(LAYERED.filter((place) => isIn(place, "domain")))("%s imports nothing above it", (place) => {
  const own = FILES.filter((file) => placeOf(file) === place).flatMap(importsOf);
  expect(own.filter(leadsOutOf(LAYERED.slice(0, LAYERED.indexOf(place) + 1)))).toEqual([]);
});

test.each(LAYERS)("%s and what follows: nothing imports what comes after it", (...layers) => {
  const upward = FILES.flatMap(importsOf).filter(({ file, target }) => {
    const [from, to] = [layerOf(file, layers), layerOf(target ?? "", layers)];
    return from >= 0 && to > from;
  });
  expect(upward).toEqual([]);
});

test("each folder uses its own libraries, and no other", () => {
  const product = PRODUCT.filter((file) => !FREE.some((free) => isIn(file, free)));
  const strangers = product.flatMap(importsOf).filter(({ file, name, target }) => {
    const home = Object.keys(LIBRARIES).find((folder) => isIn(file, folder)) ?? "";
    return target === undefined && !(LIBRARIES[home] ?? "").split(" ").some((one) => matches(one, name));
  });
  expect(strangers).toEqual([]);
});

test("domain reaches no clock, environment, console, network or chance", () => {
  const impure = PRODUCT.filter((file) => isIn(file, "domain")).flatMap((file) => {
    const code = textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const found =
      code.match(/new Date\(\)|Date\.now|process\.|console\.|Math\.random|\bfetch\(|setTimeout/g) ?? [];
    return found.map((what) => `${file}: ${what}`);
  });
  expect(impure).toEqual([]);
});

test.each([
  ["the product", PRODUCT],
  ...["github", "chartmuseum", "jenkins"].map(
    (name) => [name, FILES.filter((file) => isIn(file, `sandbox/${name}`))] as const,
  ),
])("no two exported types of %s share a name", (_, world) => {
  const types = world.flatMap((file) =>
    [...textOf(file).matchAll(/^export (?:interface|type|class) (\w+)/gm)].map(([, name = ""]) => name),
  );
  expect(types.filter((name, at) => types.indexOf(name) !== at)).toEqual([]);
});

test("the stand-ins import nothing of the product, and the product nothing of theirs, of a tool or of a test", () => {
  const standIns = ["github", "chartmuseum", "jenkins", "senders"].map((name) => `sandbox/${name}`);
  expect(standIns.flatMap(importsIn).filter(leadsOutOf(["sandbox"]))).toEqual([]);
  const strangers = PRODUCT.flatMap(importsOf).filter(({ target = "" }) =>
    /^(sandbox|tools|\.\.)\//.test(target),
  );
  expect(strangers).toEqual([]);
});

function importsIn(folder: string): readonly Import[] {
  return FILES.filter((file) => isIn(file, folder)).flatMap(importsOf);
}

function leadsOutOf(places: readonly string[]): (one: Import) => boolean {
  return ({ target }) => target !== undefined && !places.some((place) => isIn(target, place));
}

/** Of several places, the innermost. */
function placeOf(file: string): string | undefined {
  return LAYERED.filter((place) => isIn(file, place)).toSorted((one, other) => other.length - one.length)[0];
}

function layerOf(file: string, layers: readonly string[]): number {
  return layers.indexOf(placeOf(file) ?? "");
}

function matches(allowed: string, name: string): boolean {
  return allowed.endsWith("*")
    ? name.startsWith(allowed.slice(0, -1))
    : name === allowed || name.startsWith(`${allowed}/`);
}
