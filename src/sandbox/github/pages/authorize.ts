// GitHub's page that asks a person to authorize the App, and its redirect.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps

import type { IncomingMessage } from "node:http";
import { type Authorizations, type OAuthError, oauthError } from "../http/authorizations.ts";
import type { World } from "../world/world.ts";
import { document, escaped, type Page } from "./document.ts";

const PATH = "/login/oauth/authorize";

export class AuthorizeDesk {
  readonly #world: World;
  readonly #authorizations: Authorizations;
  /** Login of the person at a browser without the cookie `user`. */
  readonly #person: string;

  constructor(world: World, authorizations: Authorizations, person: string) {
    this.#world = world;
    this.#authorizations = authorizations;
    this.#person = person;
  }

  /** `undefined` for another URL. A person who has authorized the App before is redirected at once. */
  page(request: IncomingMessage): Page | undefined {
    const url = new URL(request.url ?? "/", this.#world.origin);
    if (url.pathname !== PATH || request.method !== "GET") return undefined;
    const wrong = this.#wrong(url.searchParams);
    if (wrong) return wrong;
    const person = this.#at(request);
    if (this.#authorizations.hasGranted(person)) return this.#grant(url.searchParams, person);
    return { status: 200, html: authorizeHtml(this.#world.app.name, person, `${PATH}${url.search}`) };
  }

  /** A button of that page was pressed. */
  submit(request: IncomingMessage, fields: URLSearchParams): Page | undefined {
    const url = new URL(request.url ?? "/", this.#world.origin);
    if (url.pathname !== PATH) return undefined;
    const wrong = this.#wrong(url.searchParams);
    if (wrong) return wrong;
    if (fields.get("authorize") === "1") return this.#grant(url.searchParams, this.#at(request));
    return this.#back(
      url.searchParams,
      oauthError("access_denied", "The user has denied your application access."),
    );
  }

  #at({ headers }: IncomingMessage): string {
    return /(?:^|; *)user=([A-Za-z0-9-]+)/.exec(headers.cookie ?? "")?.[1] ?? this.#person;
  }

  #wrong(query: URLSearchParams): Page | undefined {
    const { callbackUrls } = this.#authorizations;
    if (query.get("client_id") !== this.#world.app.clientId || callbackUrls.length === 0)
      return { status: 404, html: document("Not found", "<h1>Not found</h1>") };
    const wanted = query.get("redirect_uri");
    const method = query.get("code_challenge_method");
    if (wanted !== null && !callbackUrls.includes(wanted))
      return this.#back(
        new URLSearchParams({ state: query.get("state") ?? "" }),
        oauthError(
          "redirect_uri_mismatch",
          "The redirect_uri MUST match the registered callback URL for this application.",
        ),
      );
    if (query.has("code_challenge") !== (method === "S256"))
      return this.#back(query, oauthError("invalid_request", "The code_challenge_method must be S256."));
    return undefined;
  }

  #grant(query: URLSearchParams, login: string): Page {
    const code = this.#authorizations.code(login, {
      redirectUri: query.get("redirect_uri") ?? undefined,
      challenge: query.get("code_challenge") ?? undefined,
    });
    return this.#back(query, { code });
  }

  #back(query: URLSearchParams, brought: { readonly code: string } | OAuthError): Page {
    const back = new URL(query.get("redirect_uri") ?? this.#authorizations.callbackUrls[0] ?? "");
    for (const [name, value] of Object.entries(brought)) back.searchParams.set(name, value);
    const state = query.get("state");
    if (state !== null) back.searchParams.set("state", state);
    return { status: 302, html: "", location: back.href };
  }
}

function authorizeHtml(app: string, person: string, action: string): string {
  return document(
    `Authorize ${app}`,
    [
      `<h1>${escaped(app)} would like permission to act for ${escaped(person)}</h1>`,
      `<form method="post" action="${escaped(action)}">`,
      `<button name="authorize" value="1">Authorize ${escaped(app)}</button>`,
      '<button name="authorize" value="0">Cancel</button></form>',
    ].join("\n"),
  );
}
