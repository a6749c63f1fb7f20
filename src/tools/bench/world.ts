// Sandbox for benches of the whole server: an offline GitHub with many config repositories, and a ChartMuseum that
// generates every known version on request.

import type { Settings } from "../../domain/model/config/settings.ts";
import { packChart } from "../../sandbox/chartmuseum/pack-chart.ts";
import { json, type Reply, startStandIn } from "../../sandbox/chartmuseum/stand-in.ts";
import { startGitHub } from "../../sandbox/github/github.ts";
import { MUSEUM_URL, PIPELINE, PUBLISHER, testBedSettings, WEBHOOK_SECRET } from "../../sandbox/test-bed.ts";

/** Versions by chart, newest first. */
type Versions = ReadonlyMap<string, readonly string[]>;

export interface WorldOptions {
  /** For each config repository, the charts that its only environment depends on. */
  readonly repositories: readonly (readonly string[])[];
  /** Number of environments per repository, all with the same charts; default one. */
  readonly environments?: number;
  readonly versions: Versions;
  readonly dataFolder: string;
  readonly settings?: Partial<Settings>;
}

export async function foundWorld(options: WorldOptions) {
  const { repositories, environments = 1, versions, dataFolder, settings } = options;
  const github = await startGitHub({
    limits: { contentPerMinute: Number.POSITIVE_INFINITY, contentPerHour: Number.POSITIVE_INFINITY },
  });
  for (const [n, charts] of repositories.entries())
    github.createRepository({ name: `acme/config-${n}`, files: filesOf(charts, environments) });
  github.install({ account: "acme", repositories: "all" });
  const museum = await startStandIn(({ url }) => museumReply(versions, url.pathname));
  return {
    github,
    museum,
    settings: testBedSettings(
      { github, museumUrl: museum.url },
      { dataFolder, publishers: [{ ...PIPELINE, charts: ["*"] }], ...settings },
    ),
    /** Sets the URL that GitHub sends its webhooks to. */
    sendWebhooksTo: (url: string) =>
      github.webhooks.sendTo({ url: `${url}/api/github/webhooks`, secret: WEBHOOK_SECRET }),
    close: async () => {
      await github.close();
      await museum.close();
    },
  };
}

function filesOf(charts: readonly string[], environments: number): Readonly<Record<string, string>> {
  const entries = charts.map(
    (name) => `  - name: ${name}\n    version: 0.1.0\n    repository: ${MUSEUM_URL}\n`,
  );
  const names = Array.from({ length: environments }, (_, n) => (n === 0 ? "dev" : `dev-${n}`));
  const configs = names.map((name) => `  ${name}:\n    path: ${name}\n`);
  const folders = names.flatMap((name) => [
    [`${name}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    [`${name}/requirements.yaml`, `dependencies:\n${entries.join("")}`],
  ]);
  return {
    ".github/chart-promoter.yml": `environments:\n${configs.join("")}`,
    ...Object.fromEntries(folders),
  };
}

function museumReply(versions: Versions, path: string): Reply {
  const [, name = "", version] = /^\/api\/charts\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const known = versions.get(name) ?? [];
  const entries = (version === undefined ? known : known.filter((one) => one === version)).map((one) => ({
    ...{ apiVersion: "v2", name, version: one, urls: [`charts/${name}-${one}.tgz`] },
  }));
  const packed = /^\/charts\/(.+)-(\d+\.\d+\.\d+)\.tgz$/.exec(path);
  if (packed) return { status: 200, body: packChart({ name: packed[1] ?? "", version: packed[2] ?? "" }) };
  if (entries.length === 0) return json(404, { error: "chart not found" });
  return json(200, version === undefined ? entries : entries[0]);
}

export async function announce(url: string, body: { readonly chart: string; readonly version: string }) {
  const answer = await fetch(`${url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: PUBLISHER },
    body: JSON.stringify(body),
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  const { id }: { readonly id: string } = JSON.parse(await answer.text());
  return id;
}

interface Progress {
  readonly promotions: readonly { readonly state: string }[];
}

export async function progressOf(url: string, id: string): Promise<Progress> {
  const answer = await fetch(`${url}/publishes/${id}`, {
    headers: { authorization: PUBLISHER },
  });
  return JSON.parse(await answer.text());
}
