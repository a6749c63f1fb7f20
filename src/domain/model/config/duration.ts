// Durations as written in config files.

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const NAMES: readonly (readonly [name: string, ms: number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** "7 days", "24 hours", "1 second": whole units, the largest that gives at least two. */
export function durationInWords(ms: number): string {
  const whole = NAMES.find(([, unit]) => ms % unit === 0 && ms / unit > 1);
  const [name, unit] = whole ?? ["second", 1_000];
  const count = ms / unit;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

export const DURATION = /^(\d{1,9})([smhd])$/;

/** Milliseconds of `30s`, `5m`, `24h` or `7d`; `undefined` for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}
