// Boxes in the text of an issue that people tick to have something done: each says to the App what, in a comment that GitHub
// does not show.

import { hiddenJson, hiddenMarker, readHiddenJson } from "./hidden-marker.ts";

/** What is done when its box is ticked: as `/promote CHART VERSION to ENVIRONMENT`, or as `/redeploy`. */
export type TickAction =
  | {
      readonly kind: "promote";
      readonly environment: string;
      readonly chart: string;
      readonly version: string;
    }
  | { readonly kind: "redeploy"; readonly environment: string };

export interface TickBox {
  /** Counts how often boxes of the issue were dealt with: a box that is ticked once more afterwards is another one. */
  readonly round: number;
  readonly action: TickAction;
}

/** What came of one tick. */
export interface TickOutcome {
  /** The same for every try to carry it out. */
  readonly id: string;
  readonly at: Date;
  /** Login; absent where it is not known who ticked. */
  readonly person?: string;
  readonly action: TickAction;
  readonly result: "done" | "refused";
  /** Markdown of ours: what else is to be said. */
  readonly said: string;
}

export const DASHBOARD_MARKER = hiddenMarker("dashboard");

/** `label`: Markdown of ours in one line. */
export function boxLine(box: TickBox, label: string): string {
  return `- [ ] ${hiddenJson("box", box)} ${label}`;
}

const TICKED = /^- \[[xX]\] (<!-- chart-promoter:box .{1,2000}? -->) /;

/** In the order of the text. People may have edited it: what is no box is left out. */
export function tickedBoxes(body: string): readonly TickBox[] {
  return body.split(/\r?\n/).flatMap((line) => {
    const hidden = TICKED.exec(line)?.[1];
    const box = hidden === undefined ? undefined : readHiddenJson(hidden, "box");
    return isTickBox(box) ? [box] : [];
  });
}

/** The same for the same box. */
export function boxKey({ round, action }: TickBox): string {
  const what = action.kind === "promote" ? [action.chart, action.version] : [];
  return JSON.stringify([round, action.kind, action.environment, ...what]);
}

/** GitHub keeps the line breaks of the browser that a text was edited in. */
export function withPlainBreaks(body: string): string {
  return body.replaceAll("\r\n", "\n");
}

const LONGEST = 300;

function isTickBox(value: unknown): value is TickBox {
  const { round, action }: { readonly round?: unknown; readonly action?: unknown } = Object(value);
  const fields: Readonly<Record<string, unknown>> = Object(action);
  const { kind } = fields;
  const names = kind === "promote" ? ["environment", "chart", "version"] : ["environment"];
  return (
    Number.isSafeInteger(round) &&
    (kind === "promote" || kind === "redeploy") &&
    names.every((name) => isName(fields[name]))
  );
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= LONGEST;
}
