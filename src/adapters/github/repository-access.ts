// Access to one repository for every operation on GitHub: client, repository and identity.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { InstallationClient } from "./api/client.ts";
import type { PromotionSeal } from "./promotion-seal.ts";
import type { AppIdentity } from "./queries/pull-requests/by-app.ts";

export interface RepositoryAccess extends InstallationAccess {
  readonly repository: Pick<ConfigRepository, "owner" | "name">;
  /** The seal of promotion commits there. */
  readonly seal: PromotionSeal;
}

/** Any repository of one installation. */
export interface InstallationAccess {
  readonly client: InstallationClient;
  readonly app: {
    /** The App's slug, from which its account's login is made. */
    readonly slug: () => Promise<string>;
    /** The slug with the account's id. */
    readonly identity: () => Promise<AppIdentity>;
  };
}
