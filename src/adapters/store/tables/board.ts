// What the dashboard shows of all config repositories at once.

import { sql } from "kysely";
import type { BoardRecords } from "../../../reconcile/ports/board-records.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";
import { toDeployment } from "./deployments.ts";
import { toEvent } from "./history.ts";

export function createBoardRecords({ read }: Database): BoardRecords {
  return {
    openPromotions: () => openPromotions(read),
    newestDeployments: async () => {
      const newest = read
        .selectFrom("deployments")
        .select(["repository_id", "environment", (is) => is.fn.max("created_at").as("newest")])
        .groupBy(["repository_id", "environment"])
        .as("last");
      const rows = await read
        .selectFrom("deployments")
        .innerJoin(newest, (join) =>
          join
            .onRef("last.repository_id", "=", "deployments.repository_id")
            .onRef("last.environment", "=", "deployments.environment")
            .onRef("last.newest", "=", "deployments.created_at"),
        )
        .selectAll("deployments")
        .execute();
      return rows.map(toDeployment);
    },
    newestPublishes: async () => {
      const newest = read
        .selectFrom("publishes")
        .select(["repository", "chart", (is) => is.fn.max("at").as("newest")])
        .where("state", "=", "verified")
        .groupBy(["repository", "chart"])
        .as("last");
      return read
        .selectFrom("publishes")
        .innerJoin(newest, (join) =>
          join
            .onRef("last.repository", "=", "publishes.repository")
            .onRef("last.chart", "=", "publishes.chart")
            .onRef("last.newest", "=", "publishes.at"),
        )
        .select(["publishes.repository", "publishes.chart", "publishes.version"])
        .where("state", "=", "verified")
        .execute();
    },
    recent: async (repositoryId, limit) => {
      const rows = await read
        .selectFrom("history")
        .selectAll()
        .where("repository_id", "=", repositoryId)
        .orderBy("at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
      return rows.map(toEvent);
    },
  };
}

async function openPromotions(db: Queries): ReturnType<BoardRecords["openPromotions"]> {
  const proposed = sql<string>`'proposed/' || promotions.publish_id || '/' || promotions.repository_id || '/' || promotions.environment`;
  const rows = await db
    .selectFrom("promotions")
    .innerJoin("publishes", "publishes.id", "promotions.publish_id")
    .leftJoin("history", (join) => join.on("history.id", "=", proposed))
    .where("promotions.state", "=", "proposed")
    .select(["promotions.publish_id", "promotions.repository_id", "promotions.environment"])
    .select(["promotions.chart", "promotions.pull_request_number", "publishes.version", "history.at"])
    .execute();
  return rows.flatMap(({ pull_request_number: pullRequest, at, ...row }) =>
    pullRequest === null
      ? []
      : {
          ...{ publishId: row.publish_id, repositoryId: row.repository_id },
          ...{ environment: row.environment, chart: row.chart, version: row.version, pullRequest },
          ...column.optional("since", at, column.date),
        },
  );
}
