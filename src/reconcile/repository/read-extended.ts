// Reads the defaults that a config file extends. Only from the same installation: one account's text must not configure
// another account's repositories.

import type { ConfigContext, Extended } from "../../domain/model/config/config.ts";
import { DEFAULTS_FILE } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository, RepositoryIndex } from "../../domain/model/github/repository.ts";
import { VERSION } from "../../domain/model/program.ts";
import type { Deps } from "../context.ts";

interface Reading {
  readonly repository: ConfigRepository;
  readonly index: RepositoryIndex | undefined;
  readonly answer: Pick<ObservedState, "config">;
  /** Read again even if the config file is unchanged. */
  readonly refresh: boolean;
}

/** No request when the file extends nothing; otherwise one, when the defaults have to be read. */
export async function readExtended(
  { repository, index, answer: { config }, refresh }: Reading,
  deps: Deps,
): Promise<Pick<ConfigContext, "extended">> {
  if (!config) return {};
  const isRead = index?.configOid === config.oid && index.readBy === VERSION;
  const known = isRead ? index.configContext : undefined;
  if (known && (!refresh || !known.extended)) return known.extended ? { extended: known.extended } : {};
  const named = await deps.decisions.decide(repository.owner, "extendedIn", config.text);
  const name = named.ok ? named.value : undefined;
  return name === undefined ? {} : { extended: await readDefaultsOf(name, repository, deps) };
}

async function readDefaultsOf(
  name: string,
  { installationId }: ConfigRepository,
  { store, github }: Deps,
): Promise<Extended> {
  const unread = (because: string, help: string): Extended => ({
    kind: "unread",
    repository: name,
    because,
    help,
  });
  const [owner = "", repo = ""] = name.split("/");
  const other = await store.repositories.findByName(owner, repo);
  if (!other || other.installationId !== installationId) {
    return unread(
      `the App is not installed on ${name}, or that belongs to another account`,
      "Name a repository of the same account, and install the App on it.",
    );
  }
  try {
    const file = await github.in(other).defaultFile(DEFAULTS_FILE);
    return file
      ? { kind: "read", repository: name, ...file }
      : unread("it is not on the default branch there, or is no text", `Put ${DEFAULTS_FILE} there.`);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    return unread("GitHub does not show that repository to the App", "Install the App on it again.");
  }
}

function isOutOfReach(error: unknown): boolean {
  return error instanceof Error && "kind" in error && (error.kind === "missing" || error.kind === "denied");
}
