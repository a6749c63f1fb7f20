// Adapts Node's SQLite to Kysely's interface.

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import {
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from "kysely";

/**
 * For a read-only connection: each statement completes at once, so none has to wait for another, unlike in a
 * transaction.
 */
export class ReadingDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ReadingDriver({ database: this.#database });
  }
}

/** For how long a row of statements may hold the event loop; a single one may take longer. */
const ROW_MS = 10;

class ReadingDriver extends SqliteDriver {
  #connection: Promise<DatabaseConnection> | undefined;
  /** When the first statement of this turn of the event loop was executed. */
  #rowBegan: number | undefined;

  /** A caller that awaits one statement after the other leaves the event loop no turn, since each completes at once. */
  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= super.acquireConnection();
    if (this.#rowBegan === undefined) {
      this.#rowBegan = performance.now();
      setImmediate(() => {
        this.#rowBegan = undefined;
      });
    } else if (performance.now() - this.#rowBegan > ROW_MS) {
      await turn();
    }
    return this.#connection;
  }

  override async releaseConnection(): Promise<void> {
    // The connection is shared, so it is not released.
  }
}

/** Statements are prepared once for each text. */
export function forKysely(file: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => file.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = fitStatement(file.prepare(sql));
      if (prepared.size >= 500) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

/**
 * A statement with RETURNING is read to its end with `all`: `get` stops after the first row, before SQLite commits, and
 * a failed commit would go unnoticed.
 */
function fitStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  };
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
