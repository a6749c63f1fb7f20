// `review` on a machine where Helm takes its time: a command line waits, since nothing is completed after it has printed.

import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";

const CLI = fileURLToPath(new URL("../../src/cli/chart-promoter.ts", import.meta.url));

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
  const args = [CLI, "review", "old", "new", "--environment", "prod"];
  const env = { PATH: join(folder, "bin") };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  expect(stdout).toContain("- In the cluster: 1 changed.");
  expect(stdout).toContain("## Check: success");
});
