// Registering an App from a manifest, as a person does in the browser, and the request that completes it.
// https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest

import { randomBytes } from "node:crypto";
import type { Authorizations } from "../http/authorizations.ts";
import { accountJson, timeJson } from "../shapes/account.ts";
import type { World } from "../world/world.ts";
import { document, escaped, type Page } from "./document.ts";

/** The parts of a manifest that are used here. */
interface Manifest {
  readonly name?: string;
  readonly url?: string;
  readonly redirect_url?: string;
  readonly callback_urls?: readonly string[];
  readonly hook_attributes?: { readonly url?: string };
  readonly default_permissions?: Readonly<Record<string, string>>;
  readonly default_events?: readonly string[];
}

interface Registered {
  readonly manifest: Manifest;
  readonly owner: string;
  readonly at: Date;
}

export interface AppDeskOptions {
  readonly world: World;
  readonly privateKey: string;
  readonly authorizations: Authorizations;
  /** Login of the person at the browser. */
  readonly person: string;
  readonly onWebhook: (url: string, secret: string) => void;
}

const HOUR_MS = 60 * 60_000;
const PAGES = /^(?:\/organizations\/([^/]+))?\/settings\/apps\/(new|create)$/;

/** Always returns this world's App: its id, slug and key are fixed. */
export class AppDesk {
  readonly #options: AppDeskOptions;
  readonly #codes = new Map<string, Registered>();

  constructor(options: AppDeskOptions) {
    this.#options = options;
  }

  /** The response to a form; `undefined` for another URL. */
  submit(address: string, fields: URLSearchParams): Page | undefined {
    const url = new URL(address, this.#options.world.origin);
    const [, organization, step] = PAGES.exec(url.pathname) ?? [];
    if (step === undefined) return undefined;
    const owner = organization ?? this.#options.person;
    const manifest: Manifest = JSON.parse(fields.get("manifest") ?? "{}");
    const fault = faultOf(manifest);
    if (fault !== undefined) return { status: 422, html: document("Invalid", `<h1>${escaped(fault)}</h1>`) };
    const state = url.searchParams.get("state") ?? "";
    return step === "new"
      ? {
          status: 200,
          html: newAppHtml(manifest, owner, `${url.pathname.replace(/new$/, "create")}${url.search}`),
        }
      : this.#create(manifest, owner, state);
  }

  #create(manifest: Manifest, owner: string, state: string): Page {
    const code = randomBytes(20).toString("hex");
    this.#codes.set(code, { manifest, owner, at: this.#options.world.now() });
    const back = new URL(manifest.redirect_url ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", state);
    return { status: 302, html: "", location: back.href };
  }

  /** The App for a code, once and within an hour. */
  convert(code: string): object | undefined {
    const { world, privateKey, onWebhook, authorizations } = this.#options;
    const registered = this.#codes.get(code);
    this.#codes.delete(code);
    if (!registered || world.now().getTime() - registered.at.getTime() > HOUR_MS) return undefined;
    const { manifest, owner } = registered;
    const secret = randomBytes(20).toString("hex");
    authorizations.callbackUrls = manifest.callback_urls ?? [];
    onWebhook(manifest.hook_attributes?.url ?? "", secret);
    const { id, slug, clientId } = world.app;
    return {
      ...{
        id,
        slug,
        node_id: `A_${id}`,
        client_id: clientId,
        client_secret: authorizations.clientSecret,
      },
      ...{ name: manifest.name, description: null, external_url: manifest.url, installations_count: 0 },
      ...{ owner: accountJson(world, world.account(owner)), html_url: `${world.origin}/apps/${slug}` },
      ...{ permissions: manifest.default_permissions, events: manifest.default_events },
      ...{ created_at: timeJson(registered.at), updated_at: timeJson(registered.at) },
      ...{ pem: privateKey, webhook_secret: secret },
    };
  }
}

function faultOf({
  name = "",
  url,
  redirect_url: back,
  hook_attributes: hook,
  callback_urls: callbacks = [],
}: Manifest): string | undefined {
  if (name === "" || name.length > 34) return "Name must have 1 to 34 characters";
  if (callbacks.length > 10) return "There are more than 10 callback URLs";
  for (const address of [url, back, hook?.url, ...callbacks])
    if (!/^https?:$/.test(URL.parse(address ?? "")?.protocol ?? "")) return `${address} is no URL`;
  return undefined;
}

function newAppHtml(manifest: Manifest, owner: string, action: string): string {
  return document(
    "Create GitHub App",
    [
      `<h1>Create GitHub App for ${escaped(owner)}</h1>`,
      `<form method="post" action="${escaped(action)}">`,
      `<input type="hidden" name="manifest" value="${escaped(JSON.stringify(manifest))}">`,
      `<p>GitHub App name: <b>${escaped(manifest.name ?? "")}</b></p>`,
      `<button>Create GitHub App for ${escaped(owner)}</button></form>`,
    ].join("\n"),
  );
}
