// server.yaml: text -> chart repositories, publishers, deployers; or everything that is wrong with it, each with its line.

import { dirname, resolve } from "node:path";
import { complaints, problemAt, type Told } from "../config/complaints.ts";
import { type Path, readYaml } from "../config/yaml-document.ts";
import { normaliseUrl } from "../model/chart-repository.ts";
import { parseDuration } from "../model/duration.ts";
import type { Problem } from "../model/problem.ts";
import type { ChartRepository, Deployer, ImageRegistry, Settings } from "../model/settings.ts";
import type { Env, ReadFile } from "./environment.ts";
import { KEYS, schema, type Written } from "./schema.ts";
import { substitute } from "./substitute.ts";

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
  const document = readYaml(text, file);
  if (!document.ok) return { settings: NOTHING, problems: document.problems.map(asSettings) };
  const told: Told = { file, code: "settings-invalid", document: document.value, keys: KEYS };
  const { value, missing } = substitute(document.value.value ?? {}, env);
  const unset = missing.map(({ path, name }) =>
    problemAt(path, told, {
      what: `the environment variable ${name} is not set`,
      help: `Set ${name}, or write the value here; write $\${ for a literal \${.`,
    }),
  );
  const written = schema.safeParse(value);
  if (!written.success) {
    const about = written.error.issues.filter(({ path }) => !missing.some((one) => samePath(one.path, path)));
    return { settings: NOTHING, problems: [...unset, ...complaints(about, told)] };
  }
  const keyrings = await readKeyrings(written.data, file, readFile);
  const found = [...objections(written.data), ...keyrings.objections];
  const problems = found.map(({ path, what, help }) => problemAt(path, told, { what, help }));
  return { settings: normalise(written.data, keyrings.bytes), problems: [...unset, ...problems] };
}

function asSettings(problem: Problem): Problem {
  return { ...problem, code: "settings-invalid" };
}

function samePath(a: Path, b: readonly PropertyKey[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}

interface Objection {
  readonly path: Path;
  readonly what: string;
  readonly help: string;
}

function objections({ chartRepositories, publishers = {}, deployers = {} }: Written): readonly Objection[] {
  return [
    ...(Object.keys(chartRepositories).length === 0
      ? [
          {
            path: ["chartRepositories"],
            what: "there is none",
            help: "Name at least one: without it nothing can be verified.",
          },
        ]
      : []),
    ...Object.entries(chartRepositories).flatMap(([name, repository]) =>
      repositoryObjections(name, repository),
    ),
    ...sharedSpellings(chartRepositories),
    ...Object.entries(publishers).flatMap(([name, { repository }]) =>
      chartRepositories[repository]
        ? []
        : [
            {
              path: ["publishers", name, "repository"],
              what: `there is no chart repository "${repository}"`,
              help: "Name one of chartRepositories.",
            },
          ],
    ),
    ...Object.entries(deployers).flatMap(([name, deployer]) => deployerObjections(name, deployer)),
  ];
}

function repositoryObjections(
  name: string,
  { kind, url, username, token, fetchFrom }: Written["chartRepositories"][string],
): readonly Objection[] {
  const path = ["chartRepositories", name];
  const isOci = url.startsWith("oci:");
  return [
    ...(token !== undefined && username !== undefined
      ? [
          {
            path: [...path, "token"],
            what: "there is a username as well",
            help: "Keep username and password, or token.",
          },
        ]
      : []),
    ...(isOci !== (kind === "oci")
      ? [
          {
            path: [...path, "kind"],
            what: isOci ? "an oci:// URL needs kind: oci" : "kind: oci needs an oci:// URL",
            help: "Make url and kind agree.",
          },
        ]
      : []),
    ...(fetchFrom?.startsWith("oci:") && kind !== "oci"
      ? [
          {
            path: [...path, "fetchFrom"],
            what: "it is an oci:// URL",
            help: "Write the http or https URL to read from.",
          },
        ]
      : []),
  ];
}

/** A spelling that two repositories share would make a chart of one be taken for the other's. */
function sharedSpellings(repositories: Written["chartRepositories"]): readonly Objection[] {
  const owners = new Map<string, string>();
  return Object.entries(repositories).flatMap(([name, { url, also = [] }]) =>
    [url, ...also].flatMap((spelling) => {
      const key = normaliseUrl(spelling) ?? spelling;
      const owner = owners.get(key) ?? name;
      owners.set(key, owner);
      return owner === name
        ? []
        : [
            {
              path: ["chartRepositories", name],
              what: `${spelling} is ${owner}'s already`,
              help: "Give each repository URLs of its own.",
            },
          ];
    }),
  );
}

function deployerObjections(
  name: string,
  { jenkins, webhook, username, token }: NonNullable<Written["deployers"]>[string],
): readonly Objection[] {
  const path = ["deployers", name];
  if ((jenkins === undefined) === (webhook === undefined)) {
    return [{ path, what: "it is either a jenkins or a webhook", help: "Set exactly one of the two keys." }];
  }
  if (jenkins !== undefined && (username === undefined || token === undefined)) {
    return [
      {
        path,
        what: "a jenkins needs username and token",
        help: "Set the user that may build the job, and its API token.",
      },
    ];
  }
  return webhook !== undefined && (username !== undefined || token !== undefined)
    ? [
        {
          path,
          what: "a webhook has no username or token",
          help: "Take them out: the secret signs the call.",
        },
      ]
    : [];
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
