// The Authorization header for a chart repository, and the hosts that its requests may reach.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import type { Reach } from "./reach.ts";

export function authorizationOf({ credentials }: Pick<ChartRepository, "credentials">): string | undefined {
  switch (credentials.kind) {
    case "none":
      return undefined;
    case "basic":
      return basic(credentials.username, credentials.password);
    case "bearer":
      return `Bearer ${credentials.token}`;
  }
}

/** RFC 7617, with UTF-8. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Which hosts requests for this repository may reach. */
export function reachOf({ fetchFrom, hosts }: Pick<ChartRepository, "fetchFrom" | "hosts">): Reach {
  return { home: new URL(fetchFrom.replace(/^oci:/, "https:")).hostname, ...(hosts && { hosts }) };
}
