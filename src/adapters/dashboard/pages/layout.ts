// The layout of every page: head, navigation, and the part that is replaced after an event.

import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { VERSION } from "../../../domain/model/program.ts";

/** Escaped HTML. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Page {
  readonly title: string;
  readonly main: Html;
  /** The page shows nothing that changes. */
  readonly isStill?: true;
}

/** The signed-in person. */
export interface Person {
  readonly login: string;
  /** CSRF token of the forms. */
  readonly formToken: string;
}

const LIVE = html`<script src="/assets/dashboard.js" defer></script>`;

export function layout({ title, main, isStill }: Page, person?: Person): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · chart-promoter</title>
<link rel="stylesheet" href="/assets/dashboard.css">
${isStill ? "" : LIVE}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><strong>chart-promoter</strong><nav aria-label="Pages"><a href="/">Environments</a> <a href="/report">Lead times</a> <a href="/queue">Queue</a></nav>${person ? signedIn(person) : ""}</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${main}
</main>
<footer>chart-promoter ${VERSION}. Nothing is approved here: pull requests are, on GitHub.</footer>
</body>
</html>`;
}

function signedIn({ login, formToken }: Person): Html {
  return html`<form method="post" action="/dashboard/sign-out">@${login} <input type="hidden" name="form" value="${formToken}"><button>Sign out</button></form>`;
}
