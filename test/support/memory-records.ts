// Publishes, promotions and repositories in memory: what the HTTP server asks of the database, and nothing more.

import { type ConfigRepository, nameWithOwner } from "../../src/domain/model/github/repository.ts";
import type { Announcement, PromotionRecord, Publish } from "../../src/domain/model/publish.ts";

interface Said {
  readonly id: string;
  readonly at: Date;
  readonly webhookId?: string;
}

export class MemoryRecords {
  readonly #publishes = new Map<string, Publish>();
  readonly #webhooks = new Map<string, string>();
  readonly #routes = new Map<string, readonly number[]>();
  readonly #promotions: PromotionRecord[] = [];
  readonly #repositories = new Map<number, ConfigRepository>();
  /** Set to make every write fail. */
  broken: Error | undefined;

  readonly publishes = {
    accept: async (announcement: Announcement, about: Said) => this.#accept(announcement, about),
    get: async (id: string) => this.#publishes.get(id),
    pendingRoutes: async (id: string) => this.#routes.get(id) ?? [],
  };
  readonly promotions = {
    ofPublish: async (publishId: string) => this.#promotions.filter((one) => one.publishId === publishId),
  };
  readonly repositories = {
    namesOf: async () =>
      new Map([...this.#repositories].map(([id, repository]) => [id, nameWithOwner(repository)])),
  };

  all(): readonly Publish[] {
    return [...this.#publishes.values()];
  }

  change(id: string, change: Partial<Publish>): void {
    this.#publishes.set(id, { ...this.#get(id), ...change });
  }

  route(id: string, repositoryIds: readonly number[]): void {
    this.#routes.set(id, repositoryIds);
  }

  promote(record: PromotionRecord): void {
    this.#promotions.push(record);
  }

  addRepository(repository: ConfigRepository): void {
    this.#repositories.set(repository.id, repository);
  }

  #accept(announcement: Announcement, { id, at, webhookId }: Said) {
    if (this.broken !== undefined) throw this.broken;
    const repeated = this.#webhooks.get(`${announcement.publisher} ${webhookId}`);
    if (repeated !== undefined) return { kind: "repeat" as const, publish: this.#get(repeated) };
    const known = this.#find(announcement);
    if (known === undefined) {
      const publish: Publish = { ...announcement, id, at, state: "accepted" };
      this.#publishes.set(id, publish);
      if (webhookId !== undefined) this.#webhooks.set(`${announcement.publisher} ${webhookId}`, id);
      return { kind: "accepted" as const, publish };
    }
    if (
      known.digest !== undefined &&
      announcement.digest !== undefined &&
      known.digest !== announcement.digest
    ) {
      return { kind: "conflict" as const, publish: known };
    }
    const filled = { ...announcement, ...known, values: { ...announcement.values, ...known.values } };
    this.#publishes.set(known.id, filled);
    return { kind: "repeat" as const, publish: filled };
  }

  #get(id: string): Publish {
    const publish = this.#publishes.get(id);
    if (publish === undefined) throw new Error(`no publish ${id}`);
    return publish;
  }

  #find({ chart, version, repository }: Announcement): Publish | undefined {
    return this.all().find(
      (one) => one.chart === chart && one.version === version && one.repository === repository,
    );
  }
}
