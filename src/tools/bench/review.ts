// node src/tools/bench/review.ts: how long the review of a chart with 300 resources takes, how long the event loop waits for
// it, how much of that is work of the main thread (the rest is other processes' on a busy machine), and how much memory it needs.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { chartReviewer } from "../../chart-tools/chart-reviewer.ts";
import type { Packed, ReviewRequest, UmbrellaFolder } from "../../reconcile/ports/chart-review.ts";
import { packChart } from "../../sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../sandbox/helm-binary.ts";

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

function packed(version: string, values: string): Uint8Array {
  return packChart({
    ...{ name: "many", version, appVersion: version, values },
    files: { "values.schema.json": SCHEMA, "templates/all.yaml": TEMPLATE },
  });
}

const before = packed("1.0.0", `count: ${RESOURCES}\nreplicas: 3\nmemory: 256Mi\n`);
const after = packed("2.0.0", `count: ${RESOURCES}\nreplicas: 2\nmemory: 128Mi\n`);
const VALUES = "many: { unused: true }\n";

function folder(version: string, archive: Uint8Array): UmbrellaFolder {
  const chart = `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies: [{ name: many, version: ${version}, repository: "" }]\n`;
  return {
    umbrellaFiles: new Map([
      ["Chart.yaml", chart],
      ["values.yaml", VALUES],
    ]),
    archives: new Map([[`many-${version}.tgz`, archive]]),
    valuesFiles: ["values.yaml"],
  };
}

function sideOf(bytes: Uint8Array): Packed {
  return { kind: "packed", bytes };
}

const request: ReviewRequest = {
  facts: {
    environment: "bench",
    cluster: { release: "bench", namespace: "bench", apiVersions: [] },
    umbrella: "umbrella",
    charts: [
      {
        ...{ chart: "many", keys: ["many"], from: "1.0.0", to: "2.0.0" },
        ...{ repositoryUrl: "https://charts.example.com", signature: { kind: "unasked" } },
        ...{ before: sideOf(before), after: sideOf(after), between: [], superseded: [], elsewhere: [] },
      },
    ],
    valuesFiles: [{ path: "values.yaml", text: VALUES }],
    ...{ notes: [], policy: { satisfied: [], pending: [] }, githubWeb: "https://github.com" },
  },
  toRender: {
    kind: "folders",
    before: folder("1.0.0", before),
    after: folder("2.0.0", after),
    absent: [],
  },
};

/** CPU time of this thread between two ticks, in milliseconds: the most of all. */
function longestWork(): { readonly end: () => number } {
  let [last, most] = [process.threadCpuUsage(), 0];
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    most = Math.max(most, now.user + now.system - last.user - last.system);
    last = now;
  }, 1);
  return {
    end: () => {
      clearInterval(timer);
      return most / 1000;
    },
  };
}

const reviewer = chartReviewer(await helmBinary(), { patienceMs: 600_000 });
const delay = monitorEventLoopDelay({ resolution: 1 });
for (let run = 1; run <= RUNS; run += 1) {
  const start = performance.now();
  delay.reset();
  delay.enable();
  const work = longestWork();
  const { body, counts } = await reviewer.review(request);
  delay.disable();
  const worked = work.end().toFixed(1);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const waited = (delay.max / 1e6).toFixed(1);
  console.log(
    `review ${run}: ${seconds} s, ${counts?.changed} changed, ${body.length} characters; the event loop waited ${waited} ms at most, and worked ${worked} ms`,
  );
}
console.log(`most memory of the process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
