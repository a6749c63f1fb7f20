// `plan` with both archives says what the pull request says, but for what only a server knows.

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { configRepository, MUSEUM_URL } from "../../src/sandbox/test-bed.ts";
import { live, testBed } from "../stories/setting.ts";
import { commandLine } from "../support/command-line.ts";

const PATH = process.env["PATH"];

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "plan-text-"));
  await symlink(await helmBinary(), join(folder, "helm"));
  process.env["PATH"] = folder;
});
afterEach(async () => {
  process.env["PATH"] = PATH;
  await rm(folder, { recursive: true, force: true });
});

const FILES = {
  ...configRepository(),
  "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "prod/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n",
};

const TEMPLATE = {
  "templates/web.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { version: {{ .Chart.Version }}, replicas: '{{ .Values.replicas }}' }\n",
};

/** What a server knows of a publish and its repository, and a checkout does not. */
function withoutPublish(body: string): string {
  return body.replace(/^(?:Published by|From `).*\n/gm, "").replaceAll(/\n{3,}/g, "\n\n");
}

test("with both archives, and with the chart repository", async () => {
  const charts = ["1.0.0", "1.0.1"].map((version) => ({ name: "xposer", version, files: TEMPLATE }));
  await live({ files: FILES, charts: charts.slice(0, 1) });
  await testBed.publish({ version: "1.0.1" }, { files: TEMPLATE });
  await testBed.waitUntilIdle();
  const pull = testBed.repository().pull(1)?.body ?? "";
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, "config", path)), { recursive: true });
    await writeFile(join(folder, "config", path), String(text));
  }
  for (const chart of charts) await writeFile(join(folder, `${chart.version}.tgz`), packChart(chart));
  await writeFile(
    join(folder, "server.yaml"),
    `chartRepositories:\n  stakater: { url: "${MUSEUM_URL}", fetchFrom: "${testBed.museum.url}" }\n`,
  );
  const planned = async (...more: readonly string[]) => {
    const args = [
      "plan",
      "--config-repository",
      "config",
      "--chart",
      "xposer",
      "--version",
      "1.0.1",
      "--json",
    ];
    const { out } = await commandLine([...args, ...more], { cwd: folder });
    return String(JSON.parse(out).plans[0].body);
  };
  expect(withoutPublish(pull)).toContain("In the cluster");
  const archives = await planned("--old", "1.0.0.tgz", "--new", "1.0.1.tgz");
  expect(withoutPublish(archives)).toBe(withoutPublish(pull));
  expect(withoutPublish(await planned("--server-config", "server.yaml"))).toBe(withoutPublish(pull));
}, 180_000);
