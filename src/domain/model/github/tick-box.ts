// Tick boxes in an issue that trigger an action: each contains its action in a hidden comment.

import { hiddenJson, hiddenMarker, readHiddenJson } from "./hidden-marker.ts";

/** The action of a box: like `/promote CHART VERSION to ENVIRONMENT`, or `/redeploy`. */
export type TickAction =
  | {
      readonly kind: "promote";
      readonly environment: string;
      readonly chart: string;
      readonly version: string;
    }
  | { readonly kind: "redeploy"; readonly environment: string };

export interface TickBox {
  /** Counts how often boxes of the issue were handled: the same action in a later round is a new box. */
  readonly round: number;
  readonly action: TickAction;
}

/** The outcome of one tick. */
export interface TickOutcome {
  /** Idempotency key: the same for every try. */
  readonly id: string;
  readonly at: Date;
  /** Login; absent when it is unknown who ticked. */
  readonly person?: string;
  readonly action: TickAction;
  readonly result: "done" | "refused";
  /** Markdown (trusted): the message of the reply. */
  readonly said: string;
}

export const DASHBOARD_MARKER = hiddenMarker("dashboard");

/** `label`: one line of Markdown (trusted). */
export function boxLine(box: TickBox, label: string): string {
  return `- [ ] ${hiddenJson("box", box)} ${label}`;
}

const TICKED = /^- \[[xX]\] (<!-- chart-promoter:box .{1,2000}? -->) /;

/** In the order of the text. People may have edited it: invalid boxes are skipped. */
export function tickedBoxes(body: string): readonly TickBox[] {
  return body.split(/\r?\n/).flatMap((line) => {
    const hidden = TICKED.exec(line)?.[1];
    const box = hidden === undefined ? undefined : readHiddenJson(hidden, "box");
    return isTickBox(box) ? [box] : [];
  });
}

/** Identifies a box within an issue. */
export function boxKey({ round, action }: TickBox): string {
  const what = action.kind === "promote" ? [action.chart, action.version] : [];
  return JSON.stringify([round, action.kind, action.environment, ...what]);
}

/** Normalises line breaks: GitHub stores those of the browser in which a text was edited. */
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
