// The buttons, and the message after one was pressed.

import { html } from "hono/html";
import type { PersonalAction } from "../../../reconcile/act-for-person.ts";
import type { Html, Page } from "../pages/layout.ts";
import type { Session } from "../sign-in/sessions.ts";

interface ActionForm {
  readonly label: string;
  readonly action: PersonalAction;
  /** The page that it is on. */
  readonly back: string;
}

export function actionForm({ label, action, back }: ActionForm, { formToken }: Session): Html {
  const { kind, repositoryId } = action;
  const more = Object.entries(action).filter(([name]) => name !== "kind" && name !== "repositoryId");
  return html`<form method="post" action="/dashboard/actions"><input type="hidden" name="form" value="${formToken}"><input type="hidden" name="back" value="${back}"><input type="hidden" name="action" value="${kind}"><input type="hidden" name="repository" value="${repositoryId}">${more.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button>${label}</button></form>`;
}

const SAID: Readonly<Record<string, string>> = {
  hold: "The command /hold stands under the pull request now, as yours. The App answers there.",
  unhold: "The command /unhold stands under the pull request now, as yours. The App answers there.",
  redeploy: "It will be deployed again. Your comment under the pull request says so.",
  heal: "The cluster will be healed. Your comment under the pull request says so.",
  replay: "It is tried again. Your comment under a pull request says so.",
};

/** `answer`: query parameter of the page's URL. */
export function requestNote(answer: unknown): Html | string {
  const note = typeof answer === "string" && Object.hasOwn(SAID, answer) ? SAID[answer] : undefined;
  return note === undefined ? "" : html`<p role="status">${note}</p>`;
}

export function notDonePage(message: string, help: string): Page {
  return { title: "Not done", isStill: true, main: html`<p class="bad">${message}</p><p>${help}</p>` };
}
