// Conversion between a publish and its row.

import type { Publish } from "../../../../domain/model/publish.ts";
import * as column from "../../columns.ts";
import type { PublishRow } from "../../schema.ts";

export function toPublish(row: PublishRow): Publish {
  return {
    id: row.id,
    chart: row.chart,
    version: row.version,
    repository: row.repository,
    ...column.optional("digest", row.digest, column.same),
    values: column.values(row.chart_values),
    source: column.source(row.source),
    publisher: row.publisher,
    at: column.date(row.at),
    state: row.state,
    ...column.optional("problem", row.problem, column.problem),
    ...column.optional("missingSince", row.missing_since, column.date),
    ...column.optional("appVersion", row.app_version, column.same),
    ...column.optional("changedSince", row.changed_since, column.chartChange),
  };
}
