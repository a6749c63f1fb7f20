// The Authorization header of a chart repository's own credentials.

import type { ChartRepository } from "../model/settings.ts";

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
