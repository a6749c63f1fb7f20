// The page for visitors who are not signed in.

import { html } from "hono/html";
import type { Page } from "../pages/layout.ts";

/** `to`: the page to return to. */
export function signInPage(to: string): Page {
  return {
    title: "Sign in",
    isStill: true,
    main: html`<p>This dashboard shows what you may read on GitHub.</p>
<p><a class="button" href="/dashboard/sign-in/start?to=${encodeURIComponent(to)}">Sign in with GitHub</a></p>`,
  };
}

export function notSignedInPage(because: string): Page {
  return {
    title: "Not signed in",
    isStill: true,
    main: html`<p class="bad">${because}</p><p><a href="/dashboard/sign-in">Begin again</a></p>`,
  };
}

export function gitHubSilentPage(): Page {
  return {
    title: "GitHub does not answer",
    isStill: true,
    main: html`<p class="bad">GitHub could not be asked what you may read, so nothing is shown.</p><p>Load this page again in a minute. <code>chart-promoter status</code> on the server shows what goes on.</p>`,
  };
}
