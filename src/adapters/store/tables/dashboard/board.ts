// The dashboard's data for all config repositories.

import { sql } from "kysely";
import type { BoardRecords } from "../../../../reconcile/ports/store/board-records.ts";
import * as column from "../../columns.ts";
import type { Database, Queries } from "../../database.ts";
import { toDeployment } from "../deployments.ts";
import { toEvent } from "../history.ts";
import { toRecord } from "../promotions.ts";

export function createBoardRecords({ read }: Database): BoardRecords {
  return {
    openPromotions: (repositoryId) => openPromotions(read, repositoryId),
    unproposed: (repositoryId, limit) => unproposed(read, repositoryId, limit),
    newestDeployments: async (repositoryId) => {
      const grouped = read
        .selectFrom("deployments")
        .select(["repository_id", "environment", (is) => is.fn.max("created_at").as("newest")])
        .groupBy(["repository_id", "environment"]);
      const newest = (
        repositoryId === undefined ? grouped : grouped.where("repository_id", "=", repositoryId)
      ).as("last");
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

const UNPROPOSED = ["waiting", "refused", "declined"] as const;

async function unproposed(
  db: Queries,
  repositoryId: number,
  limit: number,
): ReturnType<BoardRecords["unproposed"]> {
  const rows = await db
    .selectFrom("promotions")
    .innerJoin("publishes", "publishes.id", "promotions.publish_id")
    .selectAll("promotions")
    .select("publishes.version as version")
    .where("promotions.repository_id", "=", repositoryId)
    .where("promotions.state", "in", UNPROPOSED)
    .orderBy("publishes.at", "desc")
    .orderBy("publishes.id", "desc")
    .orderBy("promotions.environment")
    .limit(limit)
    .execute();
  return rows.flatMap(({ version, ...row }) => {
    const { state, ...record } = toRecord(row);
    const known = UNPROPOSED.find((one) => one === state);
    return known ? [{ ...record, state: known, version }] : [];
  });
}

async function openPromotions(
  db: Queries,
  repositoryId: number | undefined,
): ReturnType<BoardRecords["openPromotions"]> {
  const proposed = sql<string>`'proposed/' || promotions.publish_id || '/' || promotions.repository_id || '/' || promotions.environment`;
  const open = db
    .selectFrom("promotions")
    .innerJoin("publishes", "publishes.id", "promotions.publish_id")
    .leftJoin("history", (join) => join.on("history.id", "=", proposed))
    .where("promotions.state", "=", "proposed")
    .select(["promotions.publish_id", "promotions.repository_id", "promotions.environment"])
    .select(["promotions.chart", "promotions.pull_request_number", "publishes.version", "history.at"]);
  const rows = await (repositoryId === undefined
    ? open
    : open.where("promotions.repository_id", "=", repositoryId)
  ).execute();
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
