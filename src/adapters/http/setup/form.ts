// The form for setting up the GitHub App, its manifest, and the page on GitHub to which that is sent.

import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";

export interface SetUpForm {
  /** Host of GitHub: `github.com`, `NAME.ghe.com` or a server of one's own. */
  readonly host: string;
  readonly protocol: "https" | "http";
  readonly kind: "organization" | "user";
  /** Login of the organisation or person that will own the App. */
  readonly account: string;
  readonly name: string;
  /** URL of this server for people. */
  readonly publicUrl: string;
  /** URL for GitHub's webhooks: this server, or a proxy in front of it. */
  readonly webhookUrl: string;
}

const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/;
const HOST = /^[A-Za-z0-9.-]+(:\d{1,5})?$/;
const WEBHOOKS = "/api/github/webhooks";
/** OAuth callback of the dashboard. */
const SIGNED_IN = "/dashboard/callback";

/** `plainHost`: the one host for which plain http is allowed (`GHE_PROTOCOL=http`). */
export function readForm(fields: URLSearchParams, plainHost: string | undefined): Result<SetUpForm> {
  const field = (name: string) => (fields.get(name) ?? "").trim();
  const host = field("host").toLowerCase() || "github.com";
  const publicUrl = bareAddress(field("publicUrl"));
  const webhookUrl =
    field("webhookUrl") === "" ? `${publicUrl}${WEBHOOKS}` : bareAddress(field("webhookUrl"));
  const form = {
    ...{ host, protocol: host === plainHost ? ("http" as const) : ("https" as const) },
    kind: field("kind") === "user" ? ("user" as const) : ("organization" as const),
    ...{
      account: field("account"),
      name: field("name"),
      publicUrl: publicUrl ?? "",
      webhookUrl: webhookUrl ?? "",
    },
  };
  const [first, ...rest] = faultsOf(form, publicUrl, webhookUrl);
  return first ? fail(first, ...rest) : ok(form);
}

function faultsOf(
  { host, account, name }: SetUpForm,
  publicUrl: string | undefined,
  webhookUrl: string | undefined,
): readonly Problem[] {
  return [
    ...(HOST.test(host)
      ? []
      : [malformed("GitHub's host is no host", "Write github.com, NAME.ghe.com or your server's.")]),
    ...(LOGIN.test(account)
      ? []
      : [
          malformed(
            "The account is no login",
            "Write the organisation or person that is to own the App, without @.",
          ),
        ]),
    ...(name.length > 0 && name.length <= 34
      ? []
      : [
          malformed(
            "The App's name must have 1 to 34 characters",
            "Write another; it must be free on that GitHub.",
          ),
        ]),
    ...(publicUrl === undefined
      ? [
          malformed(
            "The public address is no http or https address",
            "Write https://HOST, without a login or query.",
          ),
        ]
      : []),
    ...(webhookUrl === undefined
      ? [
          malformed(
            "The webhook address is no http or https address",
            "Leave it empty, or write the proxy's address.",
          ),
        ]
      : []),
    ...(webhookUrl !== undefined && isOnlyHere(webhookUrl) && !isOnlyHere(`http://${host}`)
      ? [
          malformed(
            "GitHub cannot reach this machine's own address",
            "Write a public address, or that of a webhook proxy such as smee.io, and start with --smee and the same address.",
          ),
        ]
      : []),
  ];
}

/** Without a trailing slash; `undefined` for a URL with a login, a query or another scheme. */
function bareAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username + url.password + url.search + url.hash !== "") return undefined;
  return url.href.replace(/(?<!\/)\/+$/, "");
}

function isOnlyHere(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? "";
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(host);
}

/** `rights`: contents of app.yml. `redirectUrl`: where GitHub sends the browser afterwards. */
export function manifestOf(form: SetUpForm, rights: object, redirectUrl: string): object {
  return {
    ...rights,
    ...{ name: form.name, url: form.publicUrl, redirect_url: redirectUrl },
    callback_urls: [`${form.publicUrl}${SIGNED_IN}`],
    hook_attributes: { url: form.webhookUrl, active: true },
  };
}

/** GitHub's page for registering a new App of this account. */
export function newAppPage({ host, protocol, kind, account }: SetUpForm, state: string): string {
  const of = kind === "organization" ? `/organizations/${encodeURIComponent(account)}` : "";
  return `${protocol}://${host}${of}/settings/apps/new?state=${encodeURIComponent(state)}`;
}

function malformed(what: string, help: string): Problem {
  return { code: "malformed", message: `${what}.`, help };
}
