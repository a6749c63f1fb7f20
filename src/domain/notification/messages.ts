// The messages for one event, in the format of the recipient's system.

import type { Recipient } from "../model/config/settings.ts";
import type { HistoryEvent } from "../model/history.ts";
import { cdEventsOf } from "./cd-events.ts";
import { type NoticePlace, type NoticeText, noticeText } from "./notice-text.ts";
import { plainEvent } from "./plain-event.ts";

export interface NoticeMessage {
  /** Idempotency key: the same for every try. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

export function messagesFor(
  { kind }: Pick<Recipient, "kind">,
  remembered: HistoryEvent,
  place: NoticePlace,
): readonly NoticeMessage[] {
  const event = plainEvent(remembered);
  const text = noticeText(event, place);
  switch (kind) {
    case "slack":
      return [json(event.id, slack(text))];
    case "teams":
      return [json(event.id, teams(text))];
    case "webhook":
      return [json(event.id, standard(event, place, text))];
    case "cdevents":
      return cdEventsOf(event, place, text.sentence).map((one) => ({
        ...json(one.context.id, one),
        headers: {
          "ce-specversion": "1.0",
          "ce-id": encodeURI(one.context.id),
          "ce-source": encodeURI(one.context.source),
          "ce-type": one.context.type,
          "ce-time": one.context.timestamp,
          "ce-subject": encodeURI(one.subject.id),
        },
      }));
  }
}

function json(id: string, body: object): NoticeMessage {
  return { id, headers: {}, body: JSON.stringify(body) };
}

/**
 * Escapes Slack's three control characters; nothing else makes a mention or a link
 * (https://api.slack.com/reference/surfaces/formatting).
 */
function slack({ sentence, link }: NoticeText): object {
  const escaped = (text: string) => text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? "");
  const linked = link ? ` <${encodeURI(link.url)}|${escaped(link.label)}>` : "";
  return { text: `${escaped(sentence)}${linked}` };
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** An adaptive card for Teams workflows; a text run has no Markdown. */
function teams({ sentence, link }: NoticeText): object {
  const body = [{ type: "RichTextBlock", inlines: [{ type: "TextRun", text: sentence }] }];
  const actions = link ? { actions: [{ type: "Action.OpenUrl", title: link.label, url: link.url }] } : {};
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          ...{ type: "AdaptiveCard", version: "1.4", body, ...actions },
        },
      },
    ],
  };
}

/** Type, timestamp and data, as Standard Webhooks recommends. */
function standard(event: HistoryEvent, { repository }: NoticePlace, { sentence, link }: NoticeText): object {
  const { kind, at, environment, facts } = event;
  return {
    type: `chart-promoter.${kind}`,
    timestamp: at.toISOString(),
    data: {
      ...(repository !== undefined && { repository }),
      ...(environment !== undefined && { environment }),
      ...facts,
      text: sentence,
      ...(link && { url: link.url }),
    },
  };
}
