// The main endpoint: `POST /publish`.

import { ok, type Result } from "../domain/model/problem.ts";
import { type AcceptPorts, accept, type Receipt } from "./accept.ts";
import { parseAnnouncement } from "./body/announcement.ts";
import { parseJson } from "./body/json.ts";
import type { Call } from "./call.ts";
import { authenticatePublisher, type PublisherPorts } from "./caller/authenticate.ts";

export interface AnnouncePorts extends AcceptPorts, PublisherPorts {}

/** Authenticates the caller before it parses the body. */
export async function announce(call: Call, ports: AnnouncePorts): Promise<Result<Receipt>> {
  const caller = await authenticatePublisher(call, ports);
  if (!caller.ok) return caller;
  const document = parseJson(call.body);
  if (!document.ok) return document;
  const announcement = parseAnnouncement(document.value, caller.value.publisher);
  if (!announcement.ok) return announcement;
  const receipt = await accept(announcement.value, ports, caller.value.webhookId);
  return receipt.ok ? ok(receipt.value) : receipt;
}
