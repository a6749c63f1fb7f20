// `review` on a machine where Helm takes its time: a command line waits, since nothing is completed after it has printed.

import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { commandLine } from "../support/command-line.ts";

const CHART =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { version: {{ .Chart.Version }} }\n";
const FILES: { readonly [path: string]: string } = {
  "old/Chart.yaml": "{ apiVersion: v2, name: web, version: 1.0.0 }",
  "old/templates/web.yaml": CHART,
  "new/Chart.yaml": "{ apiVersion: v2, name: web, version: 1.1.0 }",
  "new/templates/web.yaml": CHART,
  "prod/Chart.yaml":
    "apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n- { name: web, version: 1.0.0, repository: https://charts.example.com }\n",
};

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "review-test-"));
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const slow = join(folder, "bin/helm");
  await mkdir(dirname(slow));
  await writeFile(slow, `#!/bin/sh\n[ "$1" = template ] && sleep 2\nexec ${await helmBinary()} "$@"\n`);
  await chmod(slow, 0o755);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("a review waits for a slow Helm", async () => {
  const args = ["review", "old", "new", "--environment", "prod"];
  const env = { PATH: join(folder, "bin") };
  const { out } = await commandLine(args, { cwd: folder, env });
  expect(out).toContain("- In the cluster: 1 changed.");
  expect(out).toContain("## Check: success");
});
