// Formats instants for people, in minutes: "2027-01-02 00:00 UTC".

const MINUTE_MS = 60_000;

/** A past instant, rounded down. */
export function instantText(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A future end, rounded up. */
export function untilText(end: Date): string {
  return instantText(new Date(Math.ceil(end.getTime() / MINUTE_MS) * MINUTE_MS));
}
