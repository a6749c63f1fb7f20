// What a chart's templates can take of this machine, with the real Helm.

import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { confinement } from "../../../src/adapters/helm/confinement.ts";
import { runHelm } from "../../../src/adapters/helm/run-helm.ts";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "confinement-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A shell in the place of helm: what it may do is what helm may do. */
async function shell(script: string, timeoutMs?: number) {
  const helm = join(home, "helm");
  await writeFile(helm, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return run(helm, [], timeoutMs);
}

function run(helm: string, args: readonly string[], timeoutMs = 60_000) {
  return runHelm({ helm, args, home, cwd: home, timeoutMs, outputLimit: 2 ** 20 });
}

test.each([
  ["memory", 'x=0123456789abcdef; while :; do x="$x$x"; done'],
  ["files", "head -c 200000000 /dev/zero > large; [ $(wc -c < large) = 200000000 ]"],
])(
  "the %s that a run takes has an end",
  async (_what, script) => {
    expect(["failed", "out-of-limits"]).toContain((await shell(script)).kind);
  },
  120_000,
);

test("processor time has an end, also when nobody is there to stop it", async () => {
  expect(await shell("ulimit -t >&2; exit 1")).toEqual({ kind: "failed", stderr: "60\n" });
});

test("the processes and open files that a run has are limited, and it leaves no core behind", async () => {
  const outcome = { kind: "done", stdout: "4096\n256\n0\n" };
  expect(await shell("{ ulimit -u || ulimit -p; } 2>/dev/null; ulimit -n; ulimit -c")).toEqual(outcome);
});

test("what leaves the group of processes that is stopped keeps nobody waiting", async () => {
  const begun = performance.now();
  const outcome = await shell("setsid sleep 20 & sleep 20", 500);
  expect(outcome).toEqual({ kind: "too-slow" });
  expect(performance.now() - begun).toBeLessThan(15_000);
});

test("a schema cannot ask a server on loopback where this machine permits that", async () => {
  const helm = await helmBinary();
  const { limits, network } = await confinement();
  expect(limits).toBe("hard");
  const runs: unknown[] = [];
  const server = createServer((request, response) => {
    runs.push(request.url);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  await writeFile(join(home, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(join(home, "values.schema.json"), `{"$ref":"http://127.0.0.1:${port}/schema.json"}`);
  await run(helm, ["template", "web", "."]);
  server.close();
  expect(runs).toEqual(network === "none" ? [] : ["/schema.json"]);
});

test("templates that take more memory than there is are told as that, and not as a mistake of the chart", async () => {
  const grows = Array.from(
    { length: 40 },
    (_, n) => `{{ define "x${n + 1}" }}{{ include "x${n}" . }}{{ include "x${n}" . }}{{ end }}`,
  );
  await mkdir(join(home, "templates"));
  await writeFile(join(home, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(join(home, "templates/_x.tpl"), `{{ define "x0" }}x{{ end }}${grows.join("")}`);
  await writeFile(join(home, "templates/x.yaml"), 'x: {{ include "x40" . }}\n');
  const outcome = await run(await helmBinary(), ["template", "web", "."]);
  expect(["out-of-limits", "too-slow"]).toContain(outcome.kind);
}, 120_000);
