// A registry by its v2 interface (OCI distribution specification), signed in to as it asks for: not at all, by HTTP
// Basic, or with a token from the place it names.

import { basic } from "./authorization.ts";
import { parseJson } from "./parse-json.ts";
import { type Answer, QUICK, type Request, request } from "./request.ts";

export interface RegistryAccess {
  /** `https://registry.example.com` */
  readonly origin: string;
  /** Name of the repository in it, without slashes at its ends. */
  readonly repository: string;
  /** The whole Authorization header to begin with. */
  readonly authorization?: string | undefined;
  /** For Basic, and for fetching a token. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

export interface RegistryRequest extends Partial<Pick<Request, "method" | "timeoutMs" | "maxBytes">> {
  /** Below the repository: `manifests/1.0.0`, `blobs/sha256:…`, `tags/list`; or a whole path beginning with a slash. */
  readonly path: string;
  readonly accept?: string;
}

/** Codes with which a registry says, in good health, that something is not there. */
const NOT_THERE = new Set(["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "BLOB_UNKNOWN", "NOT_FOUND"]);

export class Registry {
  readonly #access: RegistryAccess;
  #authorization: string | undefined;

  constructor(access: RegistryAccess) {
    this.#access = access;
    this.#authorization = access.authorization;
  }

  /** Asks, and once more when the registry wants to know who asks. */
  async ask(what: RegistryRequest): Promise<Answer> {
    const first = await this.#send(what);
    if (first.kind === "failed" || first.status !== 401) return first;
    const authorization = await this.#answerTo(first.headers.get("www-authenticate") ?? "");
    if (authorization === undefined) return first;
    if (typeof authorization !== "string") return authorization;
    this.#authorization = authorization;
    return this.#send(what);
  }

  #send({ path, accept, ...limits }: RegistryRequest): Promise<Answer> {
    const { origin, repository } = this.#access;
    return request({
      url: new URL(path.startsWith("/") ? path : `/v2/${repository}/${path}`, origin),
      headers: accept === undefined ? {} : { accept },
      authorization: this.#authorization,
      ...QUICK,
      ...limits,
    });
  }

  /** The Authorization header that a challenge asks for; the failure on the way to it; nothing when we have none. */
  async #answerTo(challenge: string): Promise<string | Answer | undefined> {
    const { login } = this.#access;
    if (/^basic\b/i.test(challenge)) return login && basic(login.username, login.password);
    const realm = /^bearer\b/i.test(challenge) ? this.#realm(challenge) : undefined;
    if (realm === undefined) return undefined;
    const answer = await request({
      url: realm,
      authorization: login && basic(login.username, login.password),
      ...QUICK,
    });
    const token = tokenIn(answer);
    if (token !== undefined) return `Bearer ${token}`;
    if (answer.kind === "failed") return answer;
    return { kind: "failed", asked: answer.asked, reason: `it answered ${answer.status} and no token` };
  }

  /** Where a token is to be had; never over plain http for a registry that speaks https. */
  #realm(challenge: string): URL | undefined {
    const { realm, service, scope } = parametersOf(challenge);
    const url = URL.parse(realm ?? "");
    if (url === null || (url.protocol !== "https:" && !this.#access.origin.startsWith("http:")))
      return undefined;
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", scope ?? `repository:${this.#access.repository}:pull`);
    return url;
  }
}

/** The registry's own code for "not there"; nothing when it says anything else. */
export function registryAbsence(answer: Answer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 404) return undefined;
  const { errors } = Object(parseJson(answer.body));
  const codes: readonly unknown[] = Array.isArray(errors) ? errors.map((error) => Object(error)["code"]) : [];
  return codes.find((code): code is string => typeof code === "string" && NOT_THERE.has(code));
}

function parametersOf(challenge: string): { readonly [name: string]: string | undefined } {
  const pairs = challenge.matchAll(/(\w+)="([^"]*)"/g);
  return Object.fromEntries([...pairs].map(([, name = "", value]) => [name.toLowerCase(), value]));
}

function tokenIn(answer: Answer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 200) return undefined;
  const { token, access_token: accessToken } = Object(parseJson(answer.body));
  const found: unknown = token ?? accessToken;
  return typeof found === "string" && found !== "" ? found : undefined;
}
