// Metrics of deployments and of the work queue's delay.

import { Gauge } from "prom-client";
import type { ReportRow, Spread } from "../../domain/report/lead-times.ts";
import type { BoundedSeries } from "./bounded-series.ts";

export interface DeliveryReader {
  /** One for each environment. */
  readonly rows: () => Promise<readonly (ReportRow & { readonly repository: string })[]>;
  readonly oldestDue: () => Promise<Date | undefined>;
  readonly clock: () => Date;
}

export function addDeliveryMetrics(series: BoundedSeries, prefix: string, read: DeliveryReader): void {
  const spread = (name: string, help: string, of: (row: ReportRow) => Spread | undefined) => {
    const gauge: Gauge<"repository" | "environment" | "quantile"> = new Gauge({
      ...{ name: prefix + name, help, registers: [series.registry] },
      labelNames: ["repository", "environment", "quantile"],
      async collect() {
        gauge.reset();
        for (const row of series.rowsOf(name, await read.rows(), ({ repository }) => repository)) {
          const { median, p90 } = of(row) ?? {};
          const labels = { repository: row.repository, environment: row.environment };
          if (median !== undefined) gauge.set({ ...labels, quantile: "0.5" }, median);
          if (p90 !== undefined) gauge.set({ ...labels, quantile: "0.9" }, p90);
        }
      },
    });
  };
  spread(
    "lead_time_seconds",
    "From a publish to its deployment, of the last 30 days.",
    ({ publishToDeployed }) => publishToDeployed,
  );
  spread(
    "time_to_restore_seconds",
    "From a failed deployment to the next that succeeded, of the last 30 days.",
    ({ timeToRestore }) => timeToRestore,
  );
  addCounts(series, prefix, read);
  addOldest(series, prefix, read);
}

function addCounts(series: BoundedSeries, prefix: string, { rows }: DeliveryReader): void {
  const gauge: Gauge<"repository" | "environment" | "outcome"> = new Gauge({
    name: `${prefix}recent_deployments`,
    help: "Deployments that ended in the last 30 days.",
    labelNames: ["repository", "environment", "outcome"],
    registers: [series.registry],
    async collect() {
      gauge.reset();
      const kept = series.rowsOf("recent_deployments", await rows(), (row) => row.repository);
      for (const { repository, environment, deployed, failed } of kept) {
        gauge.set({ repository, environment, outcome: "succeeded" }, deployed);
        gauge.set({ repository, environment, outcome: "failed" }, failed);
      }
    },
  });
}

function addOldest({ registry }: BoundedSeries, prefix: string, { oldestDue, clock }: DeliveryReader): void {
  const gauge: Gauge = new Gauge({
    name: `${prefix}queue_oldest_due_seconds`,
    help: "How long the key that has been due longest is due; 0 when none is.",
    registers: [registry],
    async collect() {
      const due = await oldestDue();
      gauge.set(due ? Math.max(0, (clock().getTime() - due.getTime()) / 1000) : 0);
    },
  });
}
