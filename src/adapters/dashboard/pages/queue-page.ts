// The work queue and the GitHub rate limits.

import { html } from "hono/html";
import type { DeadLetter, QueueFacts } from "../../../reconcile/board/read-queue.ts";
import { actionForm } from "../actions/action-forms.ts";
import type { Visitor } from "../visitor.ts";
import type { Html, Page } from "./layout.ts";
import { ageText, time } from "./words.ts";

export function queuePage(facts: QueueFacts, visitor: Visitor): Page {
  const { mayRead, session } = visitor;
  const dead = facts.dead.filter(({ repositoryId }) => !session || mayRead(repositoryId));
  const limits = facts.limits.filter(({ repositoryIds }) => !session || repositoryIds.some(mayRead));
  return {
    title: "Queue",
    main: html`${session ? html`<p>${IN_PART}</p>` : depthList(facts)}
<h2>Given up</h2>
${dead.length === 0 ? html`<p>Nothing was given up.</p>` : html`<p>Once the cause is gone, <code>npx chart-promoter replay KEY</code> on the server has it tried again.</p>${dead.slice(0, MOST).map((one) => deadLetter(one, visitor))}${leftOut(dead.length)}`}
<h2>GitHub's limits</h2>
${limits.length === 0 ? html`<p>GitHub was not asked since the server started.</p>` : html`${limitTable(lowestFirst(limits).slice(0, MOST))}${leftOut(limits.length)}`}`,
  };
}

/** Limit of each list; `chart-promoter status` on the server lists all work items that were given up. */
const MOST = 100;

function leftOut(length: number): Html | string {
  return length > MOST ? html`<p class="legend">And ${length - MOST} more.</p>` : "";
}

function lowestFirst(limits: QueueFacts["limits"]): QueueFacts["limits"] {
  return limits.toSorted((one, other) => one.remaining - other.remaining);
}

const IN_PART =
  "Of what was given up, this page has what is about the config repositories that you may read. How much waits for all of them is told by chart-promoter status on the server.";

function depthList({ depth, oldestDue, now }: QueueFacts): Html {
  const oldest = oldestDue ? `; the oldest for ${ageText(oldestDue, now)}` : "";
  return html`<ul><li>${depth.running} worked on</li><li>${depth.due} due${oldest}</li><li>${depth.later} later</li><li>${depth.dead} given up</li></ul>`;
}

function deadLetter({ key, error, at, tries, repositoryId }: DeadLetter, visitor: Visitor): Html {
  const { session, mayWrite } = visitor;
  const replay =
    session && repositoryId !== undefined && mayWrite(repositoryId)
      ? actionForm(
          { label: "Try it again", action: { kind: "replay", repositoryId, key }, back: "/queue" },
          session,
        )
      : "";
  return html`<section><h3><code>${key}</code></h3><p>${time(at)}, after ${tries} tries: ${error}</p>${replay}</section>`;
}

function limitTable(limits: QueueFacts["limits"]): Html {
  return html`<div class="wide" role="region" tabindex="0" aria-label="GitHub's limits"><table><thead><tr><th scope="col">Installation</th><th scope="col">Budget</th><th scope="col">Left of this hour</th></tr></thead>
<tbody>${limits.map(({ installation, resource, remaining }) => html`<tr><th scope="row">${installation}</th><td>${resource}</td><td>${remaining}</td></tr>`)}</tbody></table></div>`;
}
