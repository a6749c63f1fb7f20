// A client for a registry's v2 API (OCI distribution specification), with the authentication that it asks for: none,
// HTTP Basic, or a token from the service that it names.

import { basic } from "../http/authorization.ts";
import { type Challenge, parseChallenges } from "../http/challenges.ts";
import { parseForeignJson } from "../http/parse-json.ts";
import { isNamed, type Reach } from "../http/reach.ts";
import { type ChartRequest, type HttpAnswer, QUICK, request, requestedAddress } from "../http/request.ts";

export interface RegistryAccess {
  /** `https://registry.example.com` */
  readonly origin: string;
  /** Name of the repository in it, without leading and trailing slashes. */
  readonly repository: string;
  /** Where requests may go; absent when the operator chose `origin`. */
  readonly reach?: Reach;
  /** Initial Authorization header. */
  readonly authorization?: string | undefined;
  /** Credentials for Basic, and for the token service. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

export interface RegistryRequest
  extends Partial<Pick<ChartRequest, "method" | "timeoutMs" | "maxBytes" | "body">> {
  /** Relative to the repository: `manifests/1.0.0`, `blobs/sha256:…`, `tags/list`; or an absolute path. */
  readonly path: string;
  readonly accept?: string;
}

/** How many token services of a response are tried; more than one is rare. */
const TOKEN_SERVICES = 2;
/** Error codes with which a healthy registry says that something is not there. */
const NOT_THERE = new Set(["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "BLOB_UNKNOWN", "NOT_FOUND"]);

export class Registry {
  readonly #access: RegistryAccess;
  #authorization: string | undefined;

  constructor(access: RegistryAccess) {
    this.#access = access;
    this.#authorization = access.authorization;
  }

  /** Sends a request, and repeats it with authentication when the registry asks for that. */
  async send(what: RegistryRequest): Promise<HttpAnswer> {
    const first = await this.#send(what);
    if (first.kind === "failed" || first.status !== 401) return first;
    const authorization = await this.#answerTo(first.headers.get("www-authenticate") ?? "");
    if (authorization === undefined) return first;
    if (typeof authorization !== "string") return authorization;
    this.#authorization = authorization;
    return this.#send(what);
  }

  /** URL of a request's path. */
  urlOf(path: string): URL {
    const { origin, repository } = this.#access;
    return new URL(path.startsWith("/") ? path : `/v2/${repository}/${path}`, origin);
  }

  #send({ path, accept, ...limits }: RegistryRequest): Promise<HttpAnswer> {
    return request({
      url: this.urlOf(path),
      headers: accept === undefined ? {} : { accept },
      authorization: this.#authorization,
      reach: this.#reach(),
      ...QUICK,
      ...limits,
    });
  }

  #reach(): Reach {
    const { reach, origin } = this.#access;
    return reach ?? { home: new URL(origin).hostname };
  }

  /** The Authorization header for the best supported challenge; else the failure on the way to it. */
  async #answerTo(header: string): Promise<string | HttpAnswer | undefined> {
    const challenges = parseChallenges(header);
    let failure: HttpAnswer | undefined;
    const services = challenges.filter(({ scheme }) => scheme === "bearer").slice(0, TOKEN_SERVICES);
    for (const challenge of services) {
      const answer = await this.#fetchToken(challenge);
      const token = answer && tokenIn(answer);
      if (token !== undefined) return `Bearer ${token}`;
      failure ??= answer && withoutToken(answer);
    }
    const { login } = this.#access;
    const takesPassword = challenges.some(({ scheme }) => scheme === "basic");
    return takesPassword && login ? basic(login.username, login.password) : failure;
  }

  /**
   * `undefined` when the challenge names no usable token service. Only hosts that the operator named get the
   * credentials.
   */
  async #fetchToken(challenge: Challenge): Promise<HttpAnswer | undefined> {
    const { login, origin } = this.#access;
    const url = this.#tokenUrl(challenge);
    if (url === undefined) return undefined;
    const reach = this.#reach();
    const mayHaveLogin = isNamed(reach, url) || isOwnTokenService(new URL(origin), url);
    if (login && !mayHaveLogin) return refusedLogin(url);
    const authorization = login && basic(login.username, login.password);
    return request({ url, authorization, reach, ...QUICK });
  }

  /** https://distribution.github.io/distribution/spec/auth/token/; never over plain http for a registry with https. */
  #tokenUrl({ parameters }: Challenge): URL | undefined {
    const url = URL.parse(parameters.get("realm") ?? "");
    if (url === null || (url.protocol !== "https:" && !this.#access.origin.startsWith("http:")))
      return undefined;
    const service = parameters.get("service");
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", parameters.get("scope") ?? `repository:${this.#access.repository}:pull`);
    return url;
  }
}

/** Docker Hub's registry and its token service are on two well-known hosts. */
function isOwnTokenService(registry: URL, service: URL): boolean {
  return registry.origin === "https://registry-1.docker.io" && service.origin === "https://auth.docker.io";
}

function refusedLogin(url: URL): HttpAnswer {
  const reason = `it is on another host than the registry, and gets no login unless ${url.host} is listed under hosts in server.yaml`;
  return { kind: "failed", requested: requestedAddress({ url }), reason };
}

function withoutToken(answer: HttpAnswer): HttpAnswer {
  if (answer.kind === "failed") return answer;
  return { kind: "failed", requested: answer.requested, reason: `it answered ${answer.status} and no token` };
}

/** The registry's own error code for "not there"; `undefined` for any other response. */
export function registryAbsence(answer: HttpAnswer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 404) return undefined;
  const { errors } = Object(parseForeignJson(answer.body));
  const codes: readonly unknown[] = Array.isArray(errors) ? errors.map((error) => Object(error)["code"]) : [];
  return codes.find((code): code is string => typeof code === "string" && NOT_THERE.has(code));
}

function tokenIn(answer: HttpAnswer): string | undefined {
  if (answer.kind === "failed" || answer.status !== 200) return undefined;
  const { token, access_token: accessToken } = Object(parseForeignJson(answer.body));
  const found: unknown = token ?? accessToken;
  return typeof found === "string" && found !== "" ? found : undefined;
}
