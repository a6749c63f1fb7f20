// Web and API URLs of a GitHub: github.com, GitHub Enterprise Cloud with data residency (*.ghe.com), or GitHub
// Enterprise Server. https://docs.github.com/en/enterprise-cloud@latest/rest/using-the-rest-api

import type { Settings } from "../domain/model/config/settings.ts";

export type GitHubAddresses = Pick<Settings, "githubApi" | "githubWeb">;

/** A host, with a port when it has one. */
export const GITHUB_HOST = /^[A-Za-z0-9.-]+(:\d{1,5})?$/;

/** `host`: as in `GHE_HOST`; absent for github.com. */
export function gitHubAt(host = "github.com", protocol = "https"): GitHubAddresses {
  const name = host.toLowerCase();
  const githubWeb = `${protocol}://${name}`;
  if (name === "github.com") return { githubApi: "https://api.github.com", githubWeb: "https://github.com" };
  if (/^[a-z0-9-]+\.ghe\.com$/.test(name)) return { githubApi: `${protocol}://api.${name}`, githubWeb };
  return { githubApi: `${githubWeb}/api/v3`, githubWeb };
}
