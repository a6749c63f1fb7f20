// .github/chart-promoter.yml in a local checkout.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import { fail, ok, type Result } from "../../domain/model/problem.ts";
import { readText, systemReason } from "../arguments/read-text.ts";

export async function readConfigText(folder: string): Promise<Result<string>> {
  const checkout = await asFolder(folder);
  if (!checkout.ok) return checkout;
  return readText({
    path: join(folder, CONFIG_FILE),
    code: "config-invalid",
    help: "Name a checkout that has one, or write one with `chart-promoter init`.",
  });
}

/** Checks that the checkout is a folder. */
export async function asFolder(path: string): Promise<Result<string>> {
  const reason = await stat(path).then(
    (status) => (status.isDirectory() ? undefined : "it is a file"),
    (error: unknown) => systemReason(error),
  );
  if (reason === undefined) return ok(path);
  return fail({
    code: "config-invalid",
    message: `${path} is no checkout: ${reason}.`,
    help: "Name the folder of a config repository's checkout.",
  });
}
