// Reads values files with real Helm: each becomes the values.yaml of a subchart of an umbrella chart, and a template
// prints all values.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHelm } from "../../../adapters/helm/run-helm.ts";
import type { JsonMap } from "./json-data.ts";

/** By file name; `undefined` for a file that Helm does not load. */
export type HelmReadings = ReadonlyMap<string, JsonMap | undefined>;

/** Files per run of Helm. */
const BATCH = 250;

export async function helmReadings(helm: string, texts: ReadonlyMap<string, string>): Promise<HelmReadings> {
  const read = new Map<string, JsonMap | undefined>();
  const left = [...texts];
  while (left.length > 0) {
    const batch = new Map(left.splice(0, BATCH));
    for (const [name, data] of await readBatch(helm, batch)) read.set(name, data);
  }
  return read;
}

/** Helm stops at the first file that it cannot load: that one is removed and the rest tried again. */
async function readBatch(helm: string, texts: ReadonlyMap<string, string>): Promise<HelmReadings> {
  const home = await mkdtemp(join(tmpdir(), "helm-reading-"));
  const read = new Map<string, JsonMap | undefined>();
  try {
    const chart = join(home, "chart");
    await writeChart(chart, "umbrella", "");
    for (const [name, text] of texts) await writeChart(join(chart, "charts", name), name, text);
    while (read.size < texts.size) {
      const outcome = await render(helm, home);
      if (outcome.kind === "printed") return new Map([...read, ...outcome.values]);
      read.set(outcome.unread, undefined);
      await rm(join(chart, "charts", outcome.unread), { recursive: true });
    }
    return read;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function writeChart(folder: string, name: string, values: string): Promise<void> {
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`);
  await writeFile(join(folder, "values.yaml"), values);
  await writeFile(join(folder, "templates/values.yaml"), `${name}: {{ toJson .Values | b64enc }}\n`);
}

type Rendered =
  | { readonly kind: "printed"; readonly values: ReadonlyMap<string, JsonMap> }
  | { readonly kind: "unread"; readonly unread: string };

async function render(helm: string, home: string): Promise<Rendered> {
  const outcome = await runHelm({
    ...{ helm, args: ["template", "release", join(home, "chart")], home, cwd: home },
    ...{ timeoutMs: 120_000, outputLimit: 64 * 1024 * 1024 },
  });
  if (outcome.kind === "done") return { kind: "printed", values: valuesIn(outcome.stdout) };
  const words = outcome.kind === "failed" ? outcome.stderr : outcome.kind;
  const [, unread] = /subchart ([a-z0-9-]+) in/.exec(words) ?? [];
  if (unread === undefined) throw new Error(`helm template ended otherwise than thought of: ${words}`);
  return { kind: "unread", unread };
}

function valuesIn(printed: string): ReadonlyMap<string, JsonMap> {
  const lines = printed.matchAll(/^([a-z0-9-]+): ([A-Za-z0-9+/=]+)$/gm);
  return new Map(
    [...lines].map(([, name = "", encoded = ""]) => [
      name,
      JSON.parse(Buffer.from(encoded, "base64").toString("utf8")),
    ]),
  );
}
