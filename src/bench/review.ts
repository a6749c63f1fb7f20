// node src/bench/review.ts: how long the pull request text of a chart with 300 resources takes, and how much memory.

import { renderer } from "../helm/render.ts";
import { checkValuesInTime } from "../helm/values-check.ts";
import type { Archive } from "../model/archive.ts";
import type { ChartFacts, ReviewFacts } from "../review/facts.ts";
import { reviewBody } from "../review/review.ts";
import { helmBinary } from "../sandbox/helm-binary.ts";

const RESOURCES = 300;
const RUNS = 5;

const TEMPLATE = `{{- range $i := until (int .Values.count) }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{{ $i }}
  labels: { app: service-{{ $i }}, helm.sh/chart: {{ $.Chart.Name }}-{{ $.Chart.Version }} }
spec:
  replicas: {{ $.Values.replicas }}
  selector: { matchLabels: { app: service-{{ $i }} } }
  template:
    metadata: { labels: { app: service-{{ $i }} } }
    spec:
      containers:
        - name: main
          image: ghcr.io/example/service-{{ $i }}:{{ $.Chart.AppVersion }}
          env:
{{- range $j := until 20 }}
            - { name: SETTING_{{ $j }}, value: "{{ $.Chart.AppVersion }}-{{ $j }}" }
{{- end }}
          resources: { requests: { cpu: 100m, memory: {{ $.Values.memory }} } }
{{- end }}
`;

const SCHEMA = JSON.stringify({
  $schema: "http://json-schema.org/draft-07/schema#",
  properties: { count: { type: "integer" }, replicas: { type: "integer" }, memory: { type: "string" } },
});

function archiveOf(version: string, values: string): Archive {
  const texts = {
    "Chart.yaml": `apiVersion: v2\nname: many\nversion: ${version}\nappVersion: "${version}"\n`,
    "values.yaml": values,
    "values.schema.json": SCHEMA,
    "templates/all.yaml": TEMPLATE,
  };
  const metadata = {
    apiVersion: "v2",
    name: "many",
    version,
    appVersion: version,
    deprecated: false,
    sources: [],
    annotations: {},
    dependencies: [],
  } as const;
  const files = Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  return { digest: `sha256:${"0".repeat(64)}`, metadata, files: new Map(files) };
}

const before = archiveOf("1.0.0", `count: ${RESOURCES}\nreplicas: 3\nmemory: 256Mi\n`);
const after = archiveOf("2.0.0", `count: ${RESOURCES}\nreplicas: 2\nmemory: 128Mi\n`);
const valuesFiles = [{ path: "values.yaml", text: "many: { unused: true }\n" }];

async function render({ metadata, files }: Archive): Promise<string> {
  const helm = renderer(await helmBinary());
  const umbrella = `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies: [{ name: many, version: ${metadata.version}, repository: "https://charts.example.com" }]\n`;
  const texts = [...files].map(
    ([path, bytes]) => [`charts/many/${path}`, new TextDecoder().decode(bytes)] as const,
  );
  const umbrellaFiles = new Map([
    ["Chart.yaml", umbrella],
    ["values.yaml", valuesFiles[0]?.text ?? ""],
    ...texts,
  ]);
  const result = await helm?.render({
    umbrellaFiles,
    archives: new Map(),
    valuesFiles: ["values.yaml"],
    release: "bench",
  });
  if (!result?.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

async function facts(): Promise<ReviewFacts> {
  const [old, now] = [await render(before), await render(after)];
  const text = (path: string): string => new TextDecoder().decode(after.files.get(path));
  const chart: ChartFacts = {
    chart: "many",
    keys: ["many"],
    from: "1.0.0",
    to: "2.0.0",
    repositoryUrl: "https://charts.example.com",
    publish: {
      id: "bench",
      chart: "many",
      version: "2.0.0",
      repository: "charts",
      values: {},
      source: {},
      publisher: "bench",
      at: new Date(0),
      state: "verified",
    },
    signature: { kind: "unasked" },
    before: { kind: "opened", archive: before },
    after: { kind: "opened", archive: after },
    between: [],
    superseded: [],
    elsewhere: [],
    schema: await checkValuesInTime({
      schema: text("values.schema.json"),
      defaults: text("values.yaml"),
      keys: ["many"],
      valuesFiles,
    }),
  };
  return {
    environment: "bench",
    charts: [chart],
    valuesFiles,
    rendered: { kind: "rendered", before: old, after: now },
    notes: [],
    policy: { satisfied: [], pending: [] },
    githubWeb: "https://github.com",
  };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(2);
}

const begun = performance.now();
const collected = await facts();
console.log(`two renderings of ${RESOURCES} resources by helm, and the schema: ${seconds(begun)} s`);
const rendered = collected.rendered?.kind === "rendered" ? collected.rendered.after.length : 0;
console.log(`one rendering: ${(rendered / 1024).toFixed(0)} KiB of YAML`);
for (let run = 1; run <= RUNS; run += 1) {
  const start = performance.now();
  const body = reviewBody(collected);
  console.log(`body ${run}: ${seconds(start)} s, ${body.length} characters`);
}
console.log(`most memory of the process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
