// server.yaml: text -> chart repositories, publishers, deployers; or everything that is wrong with it, each with its line.

import { dirname, resolve } from "node:path";
import { complaints, problemAt, type Told } from "../config/complaints.ts";
import { readable } from "../config/readable.ts";
import { type Path, readYaml } from "../config/yaml-document.ts";
import { parseDuration } from "../model/duration.ts";
import type { Problem } from "../model/problem.ts";
import type { ChartRepository, Deployer, ImageRegistry, Settings } from "../model/settings.ts";
import type { Env, ReadFile } from "./environment.ts";
import { type Objection, objections } from "./rules.ts";
import { KEYS, schema, type Written } from "./schema.ts";
import { marked, substitute } from "./substitute.ts";

export type FromFile = Pick<
  Settings,
  "chartRepositories" | "publishers" | "deployers" | "imageRegistries" | "dashboard" | "metricsToken"
>;

export interface ServerFile {
  readonly settings: FromFile;
  readonly problems: readonly Problem[];
}

const NOTHING: FromFile = {
  chartRepositories: [],
  publishers: [],
  deployers: [],
  imageRegistries: [],
  dashboard: "off",
};
const POLL_MS = 5 * 60_000;

/** `file`: its path; keyrings are found beside it. */
export async function readServerFile(
  file: string,
  text: string,
  { env, readFile }: { readonly env: Env; readonly readFile: ReadFile },
): Promise<ServerFile> {
  const document = readYaml(marked(text), file);
  if (!document.ok) return { settings: NOTHING, problems: document.problems.map(asSettings) };
  const { value, missing } = substitute(document.value.value ?? {}, env);
  const told: Told = {
    file,
    code: "settings-invalid",
    document: { ...document.value, value },
    keys: KEYS,
  };
  const issues = schema.safeParse(value).error?.issues ?? [];
  const rest = readable(value, issues);
  const unset = missing.map((one) => problemAt(one.path, told, unsetVariable(one.name)));
  const about = issues.filter(({ path }) => !missing.some((one) => samePath(one.path, path)));
  const problems = [...unset, ...complaints(about, told)];
  const written = schema.safeParse(rest.value);
  if (!written.success) return { settings: NOTHING, problems: inOrder(problems) };
  const keyrings = await readKeyrings(written.data, file, readFile);
  const found = [...objections(written.data), ...keyrings.objections]
    .filter(({ path }) => !rest.refused.some((one) => samePath(one.slice(0, 2), path.slice(0, 2))))
    .map(({ path, what, help }) => problemAt(path, told, { what, help }));
  return { settings: normalise(written.data, keyrings.bytes), problems: inOrder([...problems, ...found]) };
}

function unsetVariable(name: string) {
  return {
    what: `the environment variable ${name} is not set`,
    help: `Set ${name}, or write the value here; write $\${ for a literal \${.`,
  };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

function asSettings(problem: Problem): Problem {
  return { ...problem, code: "settings-invalid" };
}

function samePath(a: Path, b: readonly PropertyKey[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}

async function readKeyrings({ chartRepositories }: Written, file: string, readFile: ReadFile) {
  const bytes = new Map<string, Uint8Array>();
  const found: Objection[] = [];
  for (const [name, { keyring }] of Object.entries(chartRepositories)) {
    if (keyring === undefined) continue;
    try {
      bytes.set(name, await readFile(resolve(dirname(file), keyring)));
    } catch {
      found.push({
        path: ["chartRepositories", name, "keyring"],
        what: `${keyring} cannot be read`,
        help: "Put the exported public keys beside server.yaml.",
      });
    }
  }
  return { bytes, objections: found };
}

function normalise(written: Written, keyrings: ReadonlyMap<string, Uint8Array>): FromFile {
  const {
    chartRepositories,
    publishers = {},
    deployers = {},
    imageRegistries = {},
    metrics,
    dashboard,
  } = written;
  const access = dashboard?.access;
  return {
    chartRepositories: Object.entries(chartRepositories).map(([name, repository]) =>
      chartRepository(name, repository, keyrings.get(name)),
    ),
    publishers: Object.entries(publishers).map(([name, publisher]) => ({ name, ...publisher })),
    deployers: Object.entries(deployers).map(([name, deployer]) => toDeployer(name, deployer)),
    imageRegistries: Object.entries(imageRegistries).map(([host, registry]) =>
      imageRegistry(host, registry ?? {}),
    ),
    dashboard: access === undefined || access === false ? "off" : access,
    ...(metrics?.token !== undefined && { metricsToken: metrics.token }),
  };
}

function chartRepository(
  name: string,
  written: Written["chartRepositories"][string],
  keyring: Uint8Array | undefined,
): ChartRepository {
  const { username, password, token, poll, kind } = written;
  const url = withoutSlash(written.url);
  const pollMs =
    poll === "off" || poll === false ? undefined : poll === undefined ? POLL_MS : parseDuration(poll);
  return {
    name,
    url,
    also: (written.also ?? []).map(withoutSlash),
    kind: kind ?? "chartmuseum",
    fetchFrom: withoutSlash(written.fetchFrom ?? url),
    credentials:
      token !== undefined
        ? { kind: "bearer", token }
        : username !== undefined
          ? { kind: "basic", username, password: password ?? "" }
          : { kind: "none" },
    ...(pollMs !== undefined && { pollMs }),
    ...(keyring && { keyring }),
  };
}

function toDeployer(
  name: string,
  { jenkins, webhook, username = "", token = "", secret }: NonNullable<Written["deployers"]>[string],
): Deployer {
  return jenkins === undefined
    ? { name, kind: "webhook", url: webhook ?? "", secret }
    : { name, kind: "jenkins", job: withoutSlash(jenkins), username, token, secret };
}

function imageRegistry(
  host: string,
  { username, password }: { readonly username?: string | undefined; readonly password?: string | undefined },
): ImageRegistry {
  return { host, ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
