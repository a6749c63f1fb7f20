// For a trial without a public URL: receives webhooks from a channel (smee.io, or a compatible server) and forwards
// them to this server unchanged, including the signature.

import { SmeeClient } from "smee-client";

interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export async function relayWebhooks(
  channel: string,
  target: string,
  log: Log,
): Promise<{ readonly stop: () => Promise<void> }> {
  const client = new SmeeClient({
    ...{ source: channel, target, queryForwarding: false, forward: true },
    logger: {
      info: (message: unknown) => log.info({ message: String(message) }, "webhook relayed"),
      error: (message: unknown) => log.warn({ message: String(message) }, "webhooks cannot be relayed"),
    },
  });
  await client.start();
  log.info({ channel }, "webhooks are fetched from a channel");
  return { stop: () => client.stop() };
}
