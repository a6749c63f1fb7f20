// Time to review a chart with many resources, and the longest block of the event loop meanwhile, each against Helm
// rendering both sides once.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { inChartFolder } from "../../../adapters/helm/chart-folder.ts";
import { chartReviewer } from "../../../chart-tools/chart-reviewer.ts";
import type { Packed, ReviewRequest, UmbrellaFolder } from "../../../reconcile/ports/chart-review.ts";
import { packChart } from "../../../sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../../sandbox/helm-binary.ts";
import { helm } from "../../truth/helm.ts";
import { compare, doubling, elapsedMs, type Row } from "../row.ts";

const RESOURCES = { first: 75, last: 300 };
const ROUNDS = 5;
const AGAINST = "helm template of both sides";

export async function* reviewRows(): AsyncGenerator<Row> {
  const reviewer = chartReviewer(await helmBinary(), { patienceMs: 600_000 });
  const row = (resources: number, what: string, cost: (run: () => unknown) => Promise<number>) => {
    const { request, sides } = reviewOf(resources);
    return compare({
      ...{ what: `${what} with ${resources} resources`, against: AGAINST, unit: "ms", rounds: ROUNDS },
      measured: () => cost(() => reviewer.review(request)),
      beside: () => cost(() => rendered(sides)),
    });
  };
  try {
    yield* await doubling(RESOURCES, async (resources) => [
      await row(resources, "review of a chart", elapsedMs),
      await row(resources, "longest block of the event loop in the review of a chart", longestBlockMs),
    ]);
  } finally {
    await reviewer.close();
  }
}

async function longestBlockMs(run: () => unknown): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await run();
  delay.disable();
  return delay.max / 1e6;
}

async function rendered(sides: readonly UmbrellaFolder[]): Promise<void> {
  for (const side of sides) {
    const answer = await inChartFolder(side, ({ chart }) => helm(["template", "bench", chart]));
    if (!answer.ok || !answer.value.ok) throw new Error(JSON.stringify(answer).slice(0, 500));
  }
}

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

function reviewOf(resources: number): {
  readonly request: ReviewRequest;
  readonly sides: readonly UmbrellaFolder[];
} {
  const before = packed("1.0.0", `count: ${resources}\nreplicas: 3\nmemory: 256Mi\n`);
  const after = packed("2.0.0", `count: ${resources}\nreplicas: 2\nmemory: 128Mi\n`);
  const [old, next] = [folder("1.0.0", before), folder("2.0.0", after)];
  const facts: ReviewRequest["facts"] = {
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
  };
  const toRender = { kind: "folders", before: old, after: next, absent: [] } as const;
  return { request: { facts, toRender }, sides: [old, next] };
}
