// One publish, from the announcement to its deployments.

import { html } from "hono/html";
import type { Journey } from "../../../reconcile/board/read-journey.ts";
import type { Html, Page } from "./layout.ts";
import { stepList } from "./steps.ts";

export function journeyPage({ publish, steps, promotions }: Journey, githubWeb: string): Page {
  const { chart, version, repository, publisher, state, problem } = publish;
  return {
    title: `${chart} ${version}`,
    main: html`<p>Announced by ${publisher} for the chart repository ${repository}; ${state}.${problem ? ` ${problem.message}` : ""}</p>
<h2>Where it stands</h2>
${promotions.length === 0 ? html`<p>No environment takes it yet.</p>` : places(promotions)}
<h2>What happened</h2>
${stepList(steps, githubWeb)}`,
  };
}

function places(promotions: Journey["promotions"]): Html {
  return html`<div class="wide" role="region" tabindex="0" aria-label="Where it stands"><table><thead><tr><th scope="col">Environment</th><th scope="col">State</th><th scope="col">Because</th></tr></thead>
<tbody>${promotions.map(place)}</tbody></table></div>`;
}

function place({
  repository,
  environment,
  state,
  because,
  pullRequest,
}: Journey["promotions"][number]): Html {
  const link = pullRequest ? html` <a href="${pullRequest.url}">#${pullRequest.number}</a>` : "";
  return html`<tr><th scope="row">${environment} of ${repository}</th><td>${state}${link}</td><td>${because}</td></tr>`;
}
