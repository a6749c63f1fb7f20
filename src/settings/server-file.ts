// server.yaml: text -> chart repositories, publishers, deployers; or everything that is wrong with it, with lines.

import { dirname, resolve } from "node:path";
import { type ComplaintContext, complaints, problemAt } from "../domain/config/complaints.ts";
import { readable } from "../domain/config/readable.ts";
import { type DocumentPath, readYaml } from "../domain/config/yaml-document.ts";
import { parseDuration } from "../domain/model/config/duration.ts";
import type {
  ChartRepository,
  Deployer,
  ImageRegistry,
  Publisher,
  Recipient,
  Settings,
  TokenRule,
} from "../domain/model/config/settings.ts";
import { TOLD_KINDS } from "../domain/model/history.ts";
import type { Problem } from "../domain/model/problem.ts";
import type { Env, ReadFile } from "./environment.ts";
import { settingsObjections } from "./rules.ts";
import { KEYS, schema, type WrittenSettings } from "./schema.ts";
import { hasTokenSource, secretSourceOf } from "./secret-source.ts";
import type { SettingsObjection } from "./settings-objection.ts";
import { marked, substitute } from "./substitute.ts";

export type FromFile = Pick<
  Settings,
  | "chartRepositories"
  | "publishers"
  | "deployers"
  | "imageRegistries"
  | "dashboard"
  | "oauth"
  | "onboarding"
  | "metrics"
  | "proxies"
  | "pauses"
  | "recipients"
  | "historyMs"
  | "concurrency"
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

/** `file`: its path; paths of keyrings are relative to it. */
export async function readServerFile(
  file: string,
  text: string,
  { env, readFile }: { readonly env: Env; readonly readFile: ReadFile },
): Promise<ServerFile> {
  const document = readYaml(marked(text), file);
  if (!document.ok) return { settings: NOTHING, problems: document.problems.map(asSettings) };
  const { value, missing } = substitute(document.value.value ?? {}, env);
  const context: ComplaintContext = {
    file,
    code: "settings-invalid",
    document: { ...document.value, value },
    keys: KEYS,
  };
  const issues = schema.safeParse(value).error?.issues ?? [];
  const rest = readable(value, issues);
  const unset = missing.map((one) => problemAt(one.path, context, unsetVariable(one.name)));
  const about = issues.filter(({ path }) => !missing.some((one) => samePath(one.path, path)));
  const problems = [...unset, ...complaints(about, context)];
  const written = schema.safeParse(rest.value);
  if (!written.success) return { settings: NOTHING, problems: inOrder(problems) };
  const keyrings = await readKeyrings(written.data, file, readFile);
  const found = [...settingsObjections(written.data), ...keyrings.objections]
    .filter(({ path }) => !rest.refused.some((one) => samePath(one.slice(0, 2), path.slice(0, 2))))
    .map(({ path, what, help }) => problemAt(path, context, { what, help }));
  return {
    settings: normalise(written.data, { file, keyrings: keyrings.bytes, env }),
    problems: inOrder([...problems, ...found]),
  };
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

function samePath(a: DocumentPath, b: readonly PropertyKey[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}

async function readKeyrings({ chartRepositories }: WrittenSettings, file: string, readFile: ReadFile) {
  const bytes = new Map<string, Uint8Array>();
  const found: SettingsObjection[] = [];
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

interface Beside {
  /** Path of server.yaml. */
  readonly file: string;
  readonly keyrings: ReadonlyMap<string, Uint8Array>;
  readonly env: Env;
}

/** For an App created by the set-up page, the environment has its client (see stored-app.ts). */
function clientOf(
  { clientId, clientSecret }: NonNullable<WrittenSettings["dashboard"]>,
  env: Env,
): NonNullable<Settings["oauth"]> {
  return {
    clientId: clientId ?? env["CLIENT_ID"] ?? "",
    clientSecret: clientSecret ?? env["CLIENT_SECRET"] ?? "",
  };
}

function normalise(written: WrittenSettings, { file, keyrings, env }: Beside): FromFile {
  const {
    chartRepositories,
    publishers = {},
    deployers = {},
    imageRegistries = {},
    metrics,
    dashboard,
    onboarding,
    proxies,
    pause: pauses,
    notifications = [],
    history,
    concurrency,
  } = written;
  const access = dashboard?.access;
  return {
    chartRepositories: Object.entries(chartRepositories).map(([name, repository]) =>
      chartRepository(name, repository, { file, keyring: keyrings.get(name) }),
    ),
    publishers: Object.entries(publishers).map(([name, publisher]) => toPublisher(name, publisher)),
    deployers: Object.entries(deployers).map(([name, deployer]) => toDeployer(name, deployer)),
    imageRegistries: Object.entries(imageRegistries).map(([host, registry]) =>
      imageRegistry(host, registry ?? {}, file),
    ),
    dashboard: access === undefined || access === false ? "off" : access,
    ...(access === "github" && { oauth: clientOf(dashboard ?? {}, env) }),
    ...((onboarding === "on" || onboarding === true) && { onboarding: "on" }),
    ...(proxies && { proxies }),
    ...(pauses && pauses.length > 0 && { pauses }),
    ...(notifications.length > 0 && { recipients: notifications.map(toRecipient) }),
    ...(concurrency !== undefined && { concurrency }),
    ...(history && { historyMs: parseDuration(history.keep) ?? 0 }),
    ...(metrics === "public"
      ? { metrics: { access: "public" } }
      : metrics && { metrics: { access: "token", token: metrics.token } }),
  };
}

function chartRepository(
  name: string,
  written: WrittenSettings["chartRepositories"][string],
  { file, keyring }: { readonly file: string; readonly keyring: Uint8Array | undefined },
): ChartRepository {
  const { poll, kind } = written;
  const secretFrom = secretSourceOf(written, file);
  const url = withoutSlash(written.url);
  const pollMs =
    poll === "off" || poll === false ? undefined : poll === undefined ? POLL_MS : parseDuration(poll);
  return {
    name,
    url,
    also: (written.also ?? []).map(withoutSlash),
    kind: kind ?? "chartmuseum",
    fetchFrom: withoutSlash(written.fetchFrom ?? url),
    credentials: credentialsOf(written),
    ...(secretFrom && { secretFrom }),
    ...(written.hosts && { hosts: written.hosts.map((host) => host.toLowerCase()) }),
    ...(written.passCredentials === true && { passCredentials: true }),
    ...(pollMs !== undefined && { pollMs }),
    ...(keyring && { keyring }),
    ...(written.repositories && { repositories: written.repositories }),
  };
}

function credentialsOf(
  written: WrittenSettings["chartRepositories"][string],
): ChartRepository["credentials"] {
  const { username, password = "", token } = written;
  if (token !== undefined || hasTokenSource(written)) return { kind: "bearer", token: token ?? "" };
  return username === undefined ? { kind: "none" } : { kind: "basic", username, password };
}

function toPublisher(
  name: string,
  { secret, oidc, source, quota, ...publisher }: NonNullable<WrittenSettings["publishers"]>[string],
): Publisher {
  return {
    name,
    ...publisher,
    ...(secret !== undefined && { secret }),
    ...(oidc && { oidc: { ...oidc, claims: globsOf(oidc.claims) } }),
    ...(source && { source }),
    ...(quota && { quota: toQuota(quota) }),
  };
}

function toQuota({
  waitingBytes,
  ...quota
}: NonNullable<NonNullable<WrittenSettings["publishers"]>[string]["quota"]>): NonNullable<
  Publisher["quota"]
> {
  return { ...quota, ...(waitingBytes !== undefined && { waitingBytes }) };
}

function globsOf(claims: Readonly<Record<string, string | readonly string[]>>): TokenRule["claims"] {
  return Object.fromEntries(Object.entries(claims).map(([name, globs]) => [name, [globs].flat()]));
}

function toDeployer(
  name: string,
  {
    jenkins,
    webhook,
    username = "",
    token = "",
    secret,
    repositories,
    timeout,
  }: NonNullable<WrittenSettings["deployers"]>[string],
): Deployer {
  const timeoutMs = parseDuration(timeout ?? "");
  const named = { name, secret, repositories, ...(timeoutMs !== undefined && { timeoutMs }) };
  return jenkins === undefined
    ? { ...named, kind: "webhook", url: webhook ?? "" }
    : { ...named, kind: "jenkins", job: withoutSlash(jenkins), username, token };
}

function toRecipient({
  name,
  slack,
  teams,
  webhook,
  cdevents,
  secret,
  events,
  repositories,
}: NonNullable<WrittenSettings["notifications"]>[number]): Recipient {
  const addresses = Object.entries({ slack, teams, webhook, cdevents });
  const [kind = "webhook", url = ""] = addresses.find(([, address]) => address !== undefined) ?? [];
  return {
    ...{ name, kind: kind as Recipient["kind"], url, events: events ?? TOLD_KINDS },
    ...(secret !== undefined && { secret }),
    ...(repositories && { repositories }),
  };
}

function imageRegistry(
  host: string,
  written: NonNullable<NonNullable<WrittenSettings["imageRegistries"]>[string]>,
  file: string,
): ImageRegistry {
  const { username, password, hosts } = written;
  const secretFrom = secretSourceOf(written, file);
  return {
    ...(secretFrom && { secretFrom }),
    host,
    ...(hosts && { hosts: hosts.map((one) => one.toLowerCase()) }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/(?<!\/)\/+$/, "");
}
