// The control of the database itself, when no server is running.

import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { type Control, controlOf } from "../../adapters/control/control.ts";
import { openStore } from "../../adapters/store/open-store.ts";
import { EMBEDDED_DATABASE } from "../../adapters/store/sqlite/open.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { operatorActions } from "../../reconcile/operator-actions.ts";
import { withFiles } from "../../settings/secret-files.ts";

interface OpenedControl {
  readonly control: Control;
  readonly close: () => Promise<void>;
}

export async function openControl(dataFolder: string): Promise<Result<OpenedControl>> {
  const { env, problems } = await withFiles(process.env, ["DATABASE_URL"], readFile);
  const [unread, ...others] = problems;
  if (unread) return fail(unread, ...others);
  const databaseUrl = env["DATABASE_URL"];
  if (!databaseUrl && !(await hasDatabase(dataFolder))) return fail(noDatabase(dataFolder));
  const clock = () => new Date();
  const store = await openStore({
    dataFolder,
    clock,
    log: pino({ level: "silent" }),
    ...(databaseUrl && { databaseUrl }),
  });
  const close = async () => {
    await store.queue.stop(0);
    await store.close();
  };
  return ok({ control: controlOf(store, operatorActions({ store, clock })), close });
}

function hasDatabase(folder: string): Promise<boolean> {
  return access(join(folder, EMBEDDED_DATABASE)).then(
    () => true,
    () => false,
  );
}

function noDatabase(folder: string): Problem {
  return {
    code: "not-found",
    message: `There is no database in the data folder ${folder}, and no server runs on it.`,
    help: "Set DATA_DIR to the server's data folder, or DATABASE_URL to its database, as the server has them.",
  };
}
