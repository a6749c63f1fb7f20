// The pages of the set-up: plain HTML without scripts, so that only forms can send anything.

import type { Problem } from "../../../domain/model/problem.ts";
import type { SetUpForm } from "./form.ts";

export type ShownForm = Readonly<Partial<Record<keyof SetUpForm, string>>>;

/** The form with previous input. */
export function formPage(shown: ShownForm, problems: readonly Problem[] = []): string {
  const user = shown.kind === "user";
  return document("Set up chart-promoter", [
    "<h1>Set up chart-promoter</h1>",
    "<p>It has no GitHub App yet. This page has GitHub make one with the rights that it needs, and nothing else.</p>",
    ...problemsHtml(problems),
    '<form method="post" action="/setup">',
    field("host", shown, {
      label: "GitHub",
      hint: "github.com, NAME.ghe.com, or the host of your GitHub Enterprise Server.",
    }),
    "<fieldset><legend>Owner</legend>",
    `<label><input type="radio" name="kind" value="organization"${user ? "" : " checked"}> an organisation</label>`,
    `<label><input type="radio" name="kind" value="user"${user ? " checked" : ""}> a person</label>`,
    "</fieldset>",
    field("account", shown, { label: "Login of that organisation or person", hint: "You need to own it." }),
    field("name", shown, {
      label: "Name of the App",
      hint: "At most 34 characters, and free on that GitHub.",
    }),
    field("publicUrl", shown, {
      label: "Public address of this server",
      hint: "https://HOST, as people and pipelines reach it.",
    }),
    field("webhookUrl", shown, {
      label: "Webhook address, where it is another",
      hint: "Of a webhook proxy, when GitHub cannot reach this server. Empty: the public address.",
    }),
    "<button>Go on</button></form>",
  ]);
}

/** Sends the manifest to GitHub when the button is pressed. */
export function manifestPage(action: string, manifest: object, { account, host }: SetUpForm): string {
  return document("Make the App", [
    "<h1>Make the App on GitHub</h1>",
    `<p>GitHub (${escaped(host)}) is asked for this App, owned by <b>${escaped(account)}</b>. It shows you the App's name once more; then you come back here.</p>`,
    `<pre>${escaped(JSON.stringify(manifest, null, 2))}</pre>`,
    `<form method="post" action="${escaped(action)}">`,
    `<input type="hidden" name="manifest" value="${escaped(JSON.stringify(manifest))}">`,
    '<button>Make it on GitHub</button> <a href="/setup">Change something</a></form>',
  ]);
}

export interface MadeApp {
  readonly slug: string;
  readonly installUrl: string;
  readonly storedIn: string;
  readonly publicUrl: string;
}

export function donePage({ slug, installUrl, storedIn, publicUrl }: MadeApp): string {
  return document("The App is made", [
    `<h1>The App ${escaped(slug)} is made</h1>`,
    `<p>Its key and webhook secret are in <code>${escaped(storedIn)}</code>, which only this server's user may read. The server goes on now; this page is gone.</p>`,
    "<ol>",
    `<li><a class="button" rel="noreferrer" href="${escaped(installUrl)}">Install it on the config repositories</a></li>`,
    "<li>Protect their base branches with a ruleset that requires a pull request; let the App bypass nothing.</li>",
    "<li>Put <code>.github/chart-promoter.yml</code> into each: <code>npx chart-promoter init</code> writes a first one.</li>",
    `<li>Have the code pipelines announce at <code>${escaped(publicUrl)}/publish</code>.</li>`,
    "</ol>",
  ]);
}

export function refusedPage(problems: readonly Problem[]): string {
  return document("Not set up", [
    "<h1>Not set up</h1>",
    ...problemsHtml(problems),
    '<p><a href="/setup">Begin again</a></p>',
  ]);
}

function problemsHtml(problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ message, help }) => `<p class="problem" role="alert"><b>${escaped(message)}</b> ${escaped(help)}</p>`,
  );
}

interface FieldText {
  readonly label: string;
  readonly hint: string;
}

function field(name: keyof SetUpForm, shown: ShownForm, { label, hint }: FieldText): string {
  const value = escaped(shown[name] ?? "");
  return `<label>${label}<input name="${name}" value="${value}" autocomplete="off"><small>${hint}</small></label>`;
}

const STYLE = `
body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1f2328 }
label { display: block; margin: 1rem 0 } fieldset label { display: inline; margin-right: 1rem }
fieldset { border: 0; padding: 0; margin: 1rem 0 } legend { padding: 0 }
input:not([type=radio]) { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; border: 1px solid #8c959f; border-radius: 6px }
small { color: #59636e } pre { padding: 1rem; overflow: auto; background: #f6f8fa; border-radius: 6px; font-size: 13px }
button, .button { padding: .5rem 1rem; font: inherit; color: #fff; background: #1f883d; border: 0; border-radius: 6px; text-decoration: none }
.problem { padding: .5rem 1rem; border-left: 4px solid #cf222e; background: #ffebe9 }
`;

function document(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<body>
${body.join("\n")}
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
