// A browser without JavaScript that signs in to a dashboard: it keeps cookies of two hosts, and follows redirects between them.

import { setTimeout as sleep } from "node:timers/promises";

interface Seen {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

export class SignedInBrowser {
  server: string;
  readonly #github: string;
  readonly #login: string;
  readonly #jar = new Map<string, string>();

  constructor(server: string, github: string, login: string) {
    this.server = server;
    this.#github = github;
    this.#login = login;
  }

  /** As they are sent to the dashboard. */
  cookies(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  setCookie(name: string, value: string): void {
    this.#jar.set(name, value);
  }

  /** One request to the dashboard; no redirect is followed. */
  async once(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; text: string; location: string; setCookies: readonly string[] }> {
    const answer = await fetch(new URL(path, this.server), {
      ...init,
      redirect: "manual",
      headers: { cookie: this.cookies(), ...init.headers },
    });
    const setCookies = answer.headers.getSetCookie();
    for (const one of setCookies) this.#keep(one);
    const location = answer.headers.get("location") ?? "";
    return { status: answer.status, text: await answer.text(), location, setCookies };
  }

  /** Redirects within the dashboard are followed. */
  async get(path: string): Promise<Seen> {
    let url = new URL(path, this.server);
    for (;;) {
      const { status, text, location } = await this.once(url.href);
      if (location === "") return { url: url.href, status, text };
      url = new URL(location, url);
    }
  }

  async post(path: string, fields: Record<string, string>, origin = this.server) {
    const headers = { origin, "content-type": "application/x-www-form-urlencoded" };
    return this.once(path, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
  }

  /** Begins to sign in; answers the state that GitHub is to give back. */
  async start(to: string): Promise<string> {
    return new URL((await this.#startAt(to)).href).searchParams.get("state") ?? "";
  }

  async #startAt(to: string): Promise<URL> {
    return new URL((await this.once(`/dashboard/sign-in/start?to=${encodeURIComponent(to)}`)).location);
  }

  /** Where GitHub sends the browser back to. */
  async authorize(to = "/", answer: "authorize" | "decline" = "authorize"): Promise<string> {
    const back = await fetch(await this.#startAt(to), {
      method: "POST",
      headers: { cookie: `user=${this.#login}` },
      body: new URLSearchParams({ authorize: answer === "authorize" ? "1" : "0" }),
      redirect: "manual",
    });
    return back.headers.get("location") ?? `${this.#github}/none`;
  }

  async signIn(to = "/", answer: "authorize" | "decline" = "authorize"): Promise<Seen> {
    return this.get(await this.authorize(to, answer));
  }

  /** The event stream, opened. */
  async listen() {
    const stop = new AbortController();
    const stream = await fetch(`${this.server}/events`, {
      signal: stop.signal,
      headers: { cookie: this.cookies() },
    });
    let received = "";
    const hearing = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream.body ?? []) received += decoder.decode(chunk);
    })().catch(() => undefined);
    return {
      received: () => received,
      until: async (pattern: RegExp) => {
        const end = Date.now() + 20_000;
        while (!pattern.test(received)) {
          if (Date.now() > end) throw new Error(`${pattern} was not heard`);
          await sleep(50);
        }
      },
      close: async () => {
        stop.abort();
        await hearing;
      },
    };
  }

  #keep(setCookie: string): void {
    const [pair = "", ...attributes] = setCookie.split("; ");
    const [name = "", value = ""] = pair.split("=");
    if (attributes.includes("Max-Age=0")) this.#jar.delete(name);
    else this.#jar.set(name, value);
  }
}
