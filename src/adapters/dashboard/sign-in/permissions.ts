// A person's permissions in each config repository, cached for some minutes.

import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { People, PersonalPermission } from "../../../reconcile/ports/people.ts";
import type { Session } from "./sessions.ts";

export const HOLDS_MS = 5 * 60_000;
const MOST_SESSIONS = 500;

type Permissions = ReadonlyMap<number, PersonalPermission>;

interface PermissionPorts {
  readonly people: Pick<People, "permissions">;
  readonly repositories: () => Promise<readonly ConfigRepository[]>;
  readonly clock: () => Date;
}

export class RememberedPermissions {
  readonly #ports: PermissionPorts;
  readonly #known = new Map<string, { readonly at: number; readonly permissions: Promise<Permissions> }>();

  constructor(ports: PermissionPorts) {
    this.#ports = ports;
  }

  /** Rejects when GitHub is unreachable; nothing is cached then. */
  of(session: Session): Promise<Permissions> {
    const now = this.#ports.clock().getTime();
    const known = this.#known.get(session.key);
    if (known && now - known.at < HOLDS_MS) return known.permissions;
    this.#known.delete(session.key);
    const [eldest] = this.#known.keys();
    if (this.#known.size >= MOST_SESSIONS && eldest !== undefined) this.#known.delete(eldest);
    const permissions = this.#ask(session);
    this.#known.set(session.key, { at: now, permissions });
    permissions.catch(() => {
      if (this.#known.get(session.key)?.permissions === permissions) this.#known.delete(session.key);
    });
    return permissions;
  }

  forget({ key }: Pick<Session, "key">): void {
    this.#known.delete(key);
  }

  async #ask({ token }: Session): Promise<Permissions> {
    return this.#ports.people.permissions(token, await this.#ports.repositories());
  }
}
