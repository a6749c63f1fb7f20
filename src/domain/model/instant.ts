// Instants as people read them, to the minute: "2027-01-02 00:00 UTC".

const MINUTE_MS = 60_000;

/** Of something that was: the minute in which it happened. */
export function instantText(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Of an end that is to come: the first whole minute at which it is over. */
export function untilText(end: Date): string {
  return instantText(new Date(Math.ceil(end.getTime() / MINUTE_MS) * MINUTE_MS));
}
