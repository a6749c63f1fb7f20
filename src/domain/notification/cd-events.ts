// History events as CDEvents 0.5.1 (https://github.com/cdevents/spec/tree/v0.5.1), one for each of their subjects.

import { isLower } from "../deployment/version-status.ts";
import type { Moved } from "../model/deployment.ts";
import type { HistoryEvent } from "../model/history.ts";
import type { NoticePlace } from "./notice-text.ts";

export interface CdEvent {
  readonly context: {
    readonly specversion: "0.5.1";
    readonly id: string;
    /** URL of the config repository, or of GitHub. */
    readonly source: string;
    readonly type: string;
    readonly timestamp: string;
  };
  readonly subject: { readonly id: string; readonly content: object };
}

interface Subject {
  readonly type: string;
  readonly id: string;
  readonly content: object;
}

/** `sentence`: the description, for CDEvents that have one. */
export function cdEventsOf(event: HistoryEvent, place: NoticePlace, sentence: string): readonly CdEvent[] {
  const source = place.repository === undefined ? place.githubWeb : `${place.githubWeb}/${place.repository}`;
  const subjects = subjectsOf(event, { ...place, source, sentence });
  return subjects.map(({ type, id, content }, index) => ({
    context: {
      specversion: "0.5.1",
      id: subjects.length === 1 ? event.id : `${event.id}/${index + 1}`,
      source,
      type: `dev.cdevents.${type}`,
      timestamp: event.at.toISOString(),
    },
    subject: { id, content },
  }));
}

interface SubjectContext extends NoticePlace {
  readonly source: string;
  readonly sentence: string;
}

function subjectsOf(event: HistoryEvent, context: SubjectContext): readonly Subject[] {
  const { kind, facts } = event;
  switch (kind) {
    case "proposed":
      return [change("change.created.0.4.0", event, context)];
    case "merged":
      return [change("change.merged.0.3.0", event, context)];
    case "deployed":
      return deployed(event, facts.isRepeat ? [] : (facts.moves ?? []), context);
    case "healed":
      return [incident("incident.resolved.0.3.0", event, context)];
    case "failed":
    case "drifted":
      return [incident("incident.detected.0.3.0", event, context)];
    case "rejected":
    case "config-broken":
    case "dead-letter":
    case "published":
    case "verified":
    case "declined":
    case "refused":
    case "superseded":
    case "asked":
      return [];
  }
}

function change(
  type: string,
  { facts }: HistoryEvent,
  { source, repository = "", sentence }: SubjectContext,
): Subject {
  const description = type.startsWith("change.created") ? { description: sentence } : {};
  return {
    type,
    id: `${source}/pull/${facts.pullRequest ?? ""}`,
    content: { ...description, repository: { id: repository, source } },
  };
}

/** A merge by people that changed no chart's version changed the environment, but no versioned service. */
function deployed(
  event: HistoryEvent,
  moves: readonly Moved[],
  { source }: SubjectContext,
): readonly Subject[] {
  const environment = { id: event.environment ?? "", source };
  const moved = moves.filter(({ to }) => to !== "");
  if (moved.length === 0)
    return [
      {
        type: "environment.modified.0.3.0",
        id: environment.id,
        content: { name: environment.id, uri: source },
      },
    ];
  return moved.map(({ chart, from, to }) => ({
    type: isLower(to, from) ? "service.rolledback.0.3.0" : "service.upgraded.0.3.0",
    id: chart,
    content: { environment, artifactId: `pkg:helm/${encodeURIComponent(chart)}@${encodeURIComponent(to)}` },
  }));
}

/**
 * An incident belongs to an environment; events about none have no CDEvent. A heal resolves the drift incident of its
 * environment.
 */
function incident(
  type: string,
  { id, environment = "" }: HistoryEvent,
  { source, sentence }: SubjectContext,
): Subject {
  return { type, id, content: { description: sentence, environment: { id: environment, source } } };
}
