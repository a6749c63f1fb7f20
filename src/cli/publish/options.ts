// The options of `publish`.

import { InvalidArgumentError } from "commander";
import { parseDuration } from "../../domain/model/config/duration.ts";

export interface PublishOptions {
  readonly server: string;
  readonly publisher: string;
  readonly secretEnv: string;
  readonly chart?: string;
  readonly version?: string;
  readonly chartVersion?: string;
  readonly repository?: string;
  readonly archive?: string;
  readonly digest?: string;
  readonly values?: string;
  readonly sourceRepository?: string;
  readonly revision?: string;
  readonly build?: string;
  /** Milliseconds. */
  readonly wait?: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

/** For commander's `option`: `90s`, `10m`, `2h`, or a bare number of seconds. */
export function milliseconds(text: string): number {
  const ms = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (ms === undefined) throw new InvalidArgumentError("Give a duration such as 30s, 10m or 2h.");
  return ms;
}
