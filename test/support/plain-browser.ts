// A browser as far as the set-up page needs one: it keeps cookies by host, sends forms with their Origin, and says where it is
// sent on to instead of going there.

export interface Seen {
  readonly status: number;
  readonly text: string;
  readonly location: string;
  readonly headers: Headers;
}

export class PlainBrowser {
  readonly #cookies = new Map<string, string>();

  get(url: string): Promise<Seen> {
    return this.#send(url, {});
  }

  /** `origin`: of the page that has the form. */
  post(url: string, fields: Readonly<Record<string, string>>, origin = new URL(url).origin): Promise<Seen> {
    return this.#send(url, { method: "POST", body: new URLSearchParams(fields), headers: { origin } });
  }

  async #send(url: string, init: RequestInit): Promise<Seen> {
    const { host } = new URL(url);
    const headers = new Headers(init.headers);
    const cookie = this.#cookies.get(host);
    if (cookie !== undefined) headers.set("cookie", cookie);
    const answer = await fetch(url, { ...init, headers, redirect: "manual" });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) this.#cookies.set(host, set.split(";", 1)[0] ?? "");
    const location = answer.headers.get("location") ?? "";
    return {
      status: answer.status,
      text: await answer.text(),
      location: location === "" ? "" : new URL(location, url).href,
      headers: answer.headers,
    };
  }
}

/** The first form of a page that is sent elsewhere, with its hidden fields. */
export function formOf(html: string): { readonly action: string; readonly fields: Record<string, string> } {
  const action = unescaped(/<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? "");
  const inputs = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return {
    action,
    fields: Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, unescaped(value)])),
  };
}

function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
