// The map: which folder of src may import which, and which libraries it may use. Three rings: `domain` decides, `intake`
// and `reconcile` are the application, `adapters` touch the outside. When the map is wrong, it is redrawn here first.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** For each folder: the folders that it may import besides itself, and its libraries (npm packages and `node:` modules). */
const MAP: Readonly<Record<string, readonly [folders: readonly string[], libraries: readonly string[]]>> = {
  // Decides: values in, values out.
  "domain/model": [[], []],
  "domain/versions": [["domain/model"], ["semver"]],
  "domain/strvals": [["domain/model"], []],
  "domain/go-yaml": [[], []],
  "domain/config": [
    [
      "domain/deployment",
      "domain/drift",
      "domain/model",
      "domain/versions",
      "domain/go-yaml",
      "domain/strvals",
    ],
    ["zod", "yaml"],
  ],
  "domain/umbrella": [
    ["domain/model", "domain/versions", "domain/go-yaml", "domain/strvals"],
    ["yaml", "js-yaml", "node:crypto"],
  ],
  "domain/plan": [
    [
      "domain/model",
      "domain/versions",
      "domain/go-yaml",
      "domain/strvals",
      "domain/umbrella",
      "domain/deployment",
      "domain/pull-request-body/comments.ts",
      "domain/pull-request-body/markdown",
    ],
    ["diff"],
  ],
  "domain/pull-request": [["domain/model"], ["node:crypto", "diff"]],
  "domain/merge": [["domain/model", "domain/umbrella"], []],
  "domain/deployment": [["domain/model", "domain/versions", "domain/pull-request-body/markdown"], ["croner"]],
  "domain/drift": [["domain/model", "domain/deployment", "domain/pull-request-body/markdown"], []],
  "domain/pull-request-body": [
    ["domain/model", "domain/versions", "domain/go-yaml"],
    ["js-yaml", "semver", "diff", "ajv", "ajv-*", "node:crypto", "node:vm", "node:worker_threads"],
  ],
  "domain/notification": [["domain/model", "domain/deployment"], []],
  "domain/board": [["domain/model", "domain/deployment"], []],
  "domain/dashboard-issue": [
    ["domain/board", "domain/deployment", "domain/model", "domain/pull-request-body/markdown"],
    [],
  ],
  "domain/report": [["domain/model"], []],
  "domain/check": [["domain"], []],
  "domain/onboarding": [
    ["domain/model", "domain/config", "domain/umbrella", "domain/pull-request-body/markdown"],
    [],
  ],
  "domain/slash-command": [["domain/model", "domain/versions"], []],
  // The application: what happens in which order. The outside comes in through ports.
  intake: [
    ["domain/model", "domain/strvals"],
    ["zod", "semver", "standardwebhooks", "node:*"],
  ],
  reconcile: [["domain"], ["yaml", "zod", "node:crypto"]],
  // The outside. An adapter knows the ports of the application, never another adapter; `threads` is where all of them
  // work on input of strangers.
  "adapters/threads": [[], ["node:*"]],
  "adapters/github": [
    [
      "domain/model",
      "domain/deployment",
      "domain/pull-request-body/markdown",
      "reconcile/ports",
      "adapters/threads",
    ],
    ["node:crypto", "probot", "@octokit/rest", "@octokit/oauth-methods", "@octokit/request", "smee-client"],
  ],
  "adapters/charts": [
    ["domain/model", "domain/versions", "domain/go-yaml", "adapters/threads"],
    ["openpgp", "semver", "tar-stream", "zod", "node:*"],
  ],
  "adapters/deployers": [
    ["domain/model", "domain/deployment"],
    ["zod", "standardwebhooks", "node:*"],
  ],
  "adapters/notifications": [
    ["domain/model", "domain/notification", "reconcile/ports"],
    ["standardwebhooks"],
  ],
  "adapters/store": [
    ["domain/model", "reconcile/ports"],
    ["kysely", "pg", "node:*"],
  ],
  "adapters/http": [
    ["domain/model", "domain/report", "intake", "reconcile/ports"],
    ["fastify", "@fastify/swagger", "prom-client", "node:*"],
  ],
  "adapters/dashboard": [
    [
      "domain/model",
      "domain/board",
      "domain/notification",
      "domain/report",
      "reconcile/board",
      "reconcile/ports",
      "reconcile/report",
      "reconcile/act-for-person.ts",
    ],
    ["fastify", "hono", "node:*"],
  ],
  "adapters/tracing": [["reconcile/ports"], ["@opentelemetry/*", "node:async_hooks", "node:crypto"]],
  "adapters/identity": [["intake"], ["jose"]],
  "adapters/helm": [["domain/model", "domain/pull-request-body", "adapters/threads"], ["node:*"]],
  "adapters/decisions": [["domain/model", "reconcile/ports", "adapters/threads"], ["node:*"]],
  "adapters/control": [
    ["domain/model", "reconcile/ports"],
    ["fastify", "node:*"],
  ],
  // Put together.
  settings: [
    ["domain/model", "domain/config"],
    ["zod", "node:crypto", "node:path"],
  ],
  "chart-tools": [
    ["domain", "adapters", "reconcile"],
    ["node:crypto", "node:os"],
  ],
};

/** Sub-folders that come one after the other: each may import those before it in its list, never one behind it. */
const ORDERED: readonly (readonly string[])[] = [
  [
    "reconcile/ports",
    "reconcile/keys.ts",
    "reconcile/requeue.ts",
    "reconcile/until-converged.ts",
    "reconcile/context.ts",
    "reconcile/publish",
    "reconcile/installation",
    "reconcile/repository",
    "reconcile/sweep",
    "reconcile/upstream",
    "reconcile/chart",
    "reconcile/promotion",
    "reconcile/drift",
    "reconcile/check-run",
    "reconcile/converge-promotions.ts",
    "reconcile/board",
    "reconcile/onboarding",
    "reconcile/slash-command",
    "reconcile/dashboard-issue",
    "reconcile/merge",
    "reconcile/deployment",
    "reconcile/reconcile-repository.ts",
    "reconcile/notification",
    "reconcile/report",
    "reconcile/operator-actions.ts",
    "reconcile/act-for-person.ts",
    "reconcile/prune.ts",
    "reconcile/trace",
    "reconcile/dispatch.ts",
  ],
];

/** Composition roots, and what is no product: they may import anything. */
const FREE = ["main.ts", "server.ts", "server", "cli", "sandbox", "tools"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

test("every file of src is on the map, and every folder of the map is there", () => {
  expect(files.length).toBeGreaterThan(480);
  expect(files.filter((file) => !folderOf(file) && !FREE.some((free) => isIn(file, free)))).toEqual([]);
  expect(Object.keys(MAP).filter((folder) => !files.some((file) => isIn(file, folder)))).toEqual([]);
  expect(ORDERED.flat().filter((place) => !files.some((file) => isIn(file, place)))).toEqual([]);
});

test.each(Object.entries(MAP))("%s imports what it may, and nothing else", (folder, [folders, libraries]) => {
  const strangers = importsIn(folder).filter(({ name, target }) =>
    target === undefined
      ? !libraries.some((allowed) => matches(allowed, name))
      : ![folder, ...folders].some((allowed) => isIn(target, allowed)),
  );
  expect(strangers).toEqual([]);
});

test.each(ORDERED)("%s and what follows: nothing imports what comes after it", (...places) => {
  const backward = places.flatMap((place, index) =>
    importsIn(place).filter(({ target }) =>
      places.slice(index + 1).some((later) => target !== undefined && isIn(target, later)),
    ),
  );
  expect(backward).toEqual([]);
});

test("domain reaches no clock, environment, console, network or chance", () => {
  const impure = files
    .filter((file) => isIn(file, "domain"))
    .flatMap((file) => {
      const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      const found =
        code.match(/new Date\(\)|Date\.now|process\.|console\.|Math\.random|\bfetch\(|setTimeout/g) ?? [];
      return found.map((what) => `${file}: ${what}`);
    });
  expect(impure).toEqual([]);
});

test("no two exported types of the product, or of one stand-in, share a name", () => {
  const worlds = [
    files.filter((file) => !["sandbox", "tools"].some((folder) => isIn(file, folder))),
    ...["github", "chartmuseum", "jenkins"].map((standIn) =>
      files.filter((file) => isIn(file, `sandbox/${standIn}`)),
    ),
  ];
  const shared = worlds.flatMap((world) => {
    const types = world.flatMap((file) =>
      [...readFileSync(join(SRC, file), "utf8").matchAll(/^export (?:interface|type|class) (\w+)/gm)].map(
        ([, name = ""]) => ({ name, file }),
      ),
    );
    const homes = Map.groupBy(types, ({ name }) => name);
    return [...homes]
      .filter(([, found]) => found.length > 1)
      .map(([name, found]) => `${name}: ${found.map(({ file }) => file).join(", ")}`);
  });
  expect(shared).toEqual([]);
});

test("the stand-ins of the sandbox import nothing of the product", () => {
  const standIns = ["sandbox/github", "sandbox/chartmuseum", "sandbox/jenkins", "sandbox/senders"];
  const strangers = standIns.flatMap((folder) =>
    importsIn(folder).filter(({ target }) => target !== undefined && !isIn(target, "sandbox")),
  );
  expect(strangers).toEqual([]);
});

test("the product imports neither what is no product, nor a test, nor a fixture", () => {
  const product = files.filter((file) => !["sandbox", "tools"].some((folder) => isIn(file, folder)));
  const strangers = product.flatMap((file) =>
    importsOf(file).filter(({ target }) => target !== undefined && /^(sandbox|tools|\.\.)\//.test(target)),
  );
  expect(strangers).toEqual([]);
});

interface Import {
  readonly file: string;
  readonly name: string;
  /** Relative to src; absent for a library. */
  readonly target?: string;
}

function importsIn(folder: string): readonly Import[] {
  return files.filter((file) => isIn(file, folder)).flatMap(importsOf);
}

function importsOf(file: string): readonly Import[] {
  const code = readFileSync(join(SRC, file), "utf8");
  const statements = code.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    if (!name.startsWith(".")) return { file, name };
    return { file, name, target: relative(SRC, resolve(SRC, dirname(file), name)) };
  });
}

function folderOf(file: string): string | undefined {
  return Object.keys(MAP).find((folder) => isIn(file, folder));
}

/** Whether a file is this file, or stands somewhere below this folder. */
function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

function matches(allowed: string, name: string): boolean {
  return allowed.endsWith("*")
    ? name.startsWith(allowed.slice(0, -1))
    : name === allowed || name.startsWith(`${allowed}/`);
}
