// A real PostgreSQL to test on: the server of DATABASE_URL, or one started from Debian's package, which is installed when
// it is not there.

import pg from "pg";
import { hasPostgres, startPostgres } from "../../src/sandbox/postgres.ts";
import { install } from "./program.ts";

export const POSTGRES = "postgres";

export interface PostgresServer {
  /** A new, empty database; answers its URL. */
  createDatabase(): Promise<string>;
  /** Removes the databases that were created, and the server if it was started here. */
  close(): Promise<void>;
}

export async function findPostgres(): Promise<PostgresServer> {
  const given = process.env["DATABASE_URL"];
  if (given === undefined && !hasPostgres())
    await install(POSTGRES, ["apt-get", "install", "-y", "postgresql"]);
  const server = given === undefined ? await startPostgres() : { url: given, close: async () => undefined };
  const databases: string[] = [];
  return {
    createDatabase: async () => {
      const name = `chart_promoter_${process.pid}_${databases.length}`;
      await query(`create database ${name}`, server.url);
      databases.push(name);
      return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    },
    close: async () => {
      for (const name of databases) await query(`drop database if exists ${name} with (force)`, server.url);
      await server.close();
    },
  };
}

/** The rows of one statement. */
async function query(text: string, url: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
