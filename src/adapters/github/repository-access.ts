// One repository as the App reaches it: what every operation on GitHub is given before anything else.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { InstallationClient } from "./api/client.ts";
import type { PromotionSeal } from "./promotion-seal.ts";
import type { AppIdentity } from "./queries/pull-requests/by-app.ts";

export interface RepositoryAccess extends InstallationAccess {
  readonly repository: Pick<ConfigRepository, "owner" | "name">;
  /** Of the promotions' commits there. */
  readonly seal: PromotionSeal;
}

/** Any repository of one installation. */
export interface InstallationAccess {
  readonly client: InstallationClient;
  readonly app: {
    /** The App's own name, of which its account's login is made. */
    readonly slug: () => Promise<string>;
    /** With the id of its account. */
    readonly identity: () => Promise<AppIdentity>;
  };
}
