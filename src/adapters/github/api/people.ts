// Requests on behalf of a signed-in person: login, permissions, and comments in their name.
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app

import { deleteToken, exchangeWebFlowCode, refreshToken } from "@octokit/oauth-methods";
import { request as plainRequest } from "@octokit/request";
import type { Settings } from "../../../domain/model/config/settings.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import { USER_AGENT } from "../../../domain/model/program.ts";
import {
  type People,
  type PersonalPermission,
  type PersonalToken,
  PersonRefused,
} from "../../../reconcile/ports/people.ts";

const WITHIN_MS = 10_000;
/** Repositories in one query, which costs one point of the person's own rate limit. */
const AT_ONCE = 100;

type Client = NonNullable<Settings["oauth"]>;
type Request = typeof plainRequest;

export function peopleOf(
  { githubApi, githubWeb }: Pick<Settings, "githubApi" | "githubWeb">,
  { clientId, clientSecret }: Client,
): People {
  const request = plainRequest.defaults({
    baseUrl: githubApi,
    headers: { "user-agent": USER_AGENT, "x-github-api-version": "2022-11-28" },
    request: { fetch: fetchWithin },
  });
  const client = { clientType: "github-app", clientId, clientSecret } as const;
  return {
    signInUrl: ({ state, challenge }) => {
      const url = new URL(`${githubWeb}/login/oauth/authorize`);
      const parameters = {
        client_id: clientId,
        state,
        code_challenge: challenge,
        code_challenge_method: "S256",
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },
    redeem: (code, verifier) =>
      refusedAsSuch(async () => {
        const proving = request.defaults({ code_verifier: verifier });
        const { authentication } = await exchangeWebFlowCode({ ...client, code, request: proving });
        return tokenOf(authentication);
      }),
    renew: (token) =>
      refusedAsSuch(async () => {
        const { authentication } = await refreshToken({ ...client, refreshToken: token, request });
        return tokenOf(authentication);
      }),
    revoke: (token) => refusedAsSuch(async () => void (await deleteToken({ ...client, token, request }))),
    login: (token) =>
      refusedAsSuch(async () => {
        const { data } = await request("GET /user", { headers: authorized(token) });
        return data.login;
      }),
    permissions: (token, repositories) =>
      refusedAsSuch(() => permissionsOf(token, repositories, { request, githubApi })),
    comment: (token, { owner, name }, { number, body }) =>
      refusedAsSuch(async () => {
        const { data } = await request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...{ owner, repo: name, issue_number: number, body },
          headers: authorized(token),
        });
        return data.html_url;
      }),
  };
}

const fetchWithin: typeof fetch = (url, options) =>
  fetch(url, { ...options, signal: AbortSignal.timeout(WITHIN_MS) });

function authorized(token: string) {
  return { authorization: `token ${token}` };
}

interface Given {
  readonly token: string;
  readonly refreshToken?: string;
  readonly expiresAt?: string;
}

/** Without an expiry if the App's owner has disabled it. */
function tokenOf({ token, refreshToken: renewal, expiresAt }: Given): PersonalToken {
  return {
    token,
    ...(renewal !== undefined && { renewal }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
  };
}

/** Throws `PersonRefused` when GitHub refuses; other errors, such as no answer or a rate limit, as they are. */
async function refusedAsSuch<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { status, message } = Object(error);
    if (typeof status !== "number" || status >= 500 || status === 429) throw error;
    throw new PersonRefused(String(message), status === 401 ? "token" : "request");
  }
}

const PERMISSIONS: Readonly<Record<string, PersonalPermission>> = {
  ADMIN: "write",
  MAINTAIN: "write",
  WRITE: "write",
  TRIAGE: "read",
  READ: "read",
};

interface Answered {
  readonly data?: Readonly<Record<string, { databaseId: number; viewerPermission: string | null } | null>>;
  readonly errors?: readonly { readonly type?: string; readonly message: string }[];
}

async function permissionsOf(
  token: string,
  repositories: readonly ConfigRepository[],
  { request, githubApi }: { readonly request: Request; readonly githubApi: string },
): Promise<ReadonlyMap<number, PersonalPermission>> {
  const found = new Map<number, PersonalPermission>();
  for (let at = 0; at < repositories.length; at += AT_ONCE) {
    const some = repositories.slice(at, at + AT_ONCE);
    const { data: answered } = await request("POST /graphql", {
      baseUrl: githubApi.replace(/\/api\/v3$/, "/api"),
      headers: authorized(token),
      query: documentFor(some),
    });
    const { data, errors = [] }: Answered = answered;
    const trouble = errors.find(({ type = "" }) => !HIDDEN.has(type));
    if (trouble || !data) throw new Error(trouble?.message ?? "GitHub answered without data");
    for (const [place, { id }] of some.entries()) {
      const { databaseId, viewerPermission } = data[`r${place}`] ?? {};
      const permission = PERMISSIONS[viewerPermission ?? ""];
      // Another repository may have the name by now.
      if (databaseId === id && permission) found.set(id, permission);
    }
  }
  return found;
}

/**
 * Errors for a repository that the person may not read, or not with this sign-in (SAML): treated as if it did not
 * exist.
 */
const HIDDEN: ReadonlySet<string> = new Set(["NOT_FOUND", "FORBIDDEN"]);

function documentFor(repositories: readonly ConfigRepository[]): string {
  const fields = repositories.map(
    ({ owner, name }, place) =>
      `r${place}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) { databaseId viewerPermission }`,
  );
  return `query PersonalPermissions {\n${fields.join("\n")}\n}`;
}
