// How far the stories of a run came, so that it can be seen whether they tell anything.

import { CONFIG, ENVIRONMENTS, PRODUCTION } from "./stage.ts";
import type { Story } from "./story.ts";
import { deploymentsTo, isOwnHeal } from "./truth.ts";

const STORIES = "stories";
const OWN_HEALS = "heals by itself";
const REDEPLOYMENTS = "redeployments";

export class Tally {
  readonly #counts = new Map<string, number>();

  add(steps: number, { testBed, hook }: Story): void {
    const repositories = [CONFIG, PRODUCTION].map((name) => testBed.github.repository(name));
    const pulls = repositories.flatMap((repository) => repository.pulls());
    const promotions = pulls.filter(({ head }) => head.branch.startsWith("promote/"));
    this.#count(STORIES, 1);
    this.#count("steps", steps);
    this.#count("promotions", promotions.length);
    this.#count("merged", pulls.filter(({ merge }) => merge).length);
    this.#count("declined", promotions.filter(({ state, merge }) => state === "closed" && !merge).length);
    this.#count("rollbacks", promotions.filter(({ body }) => body.includes("Rolls back")).length);
    for (const environment of ENVIRONMENTS)
      this.#count(`deployments to ${environment.name}`, deploymentsTo(testBed, environment).length);
    const all = repositories.flatMap(({ deployments }) => [...deployments.values()]);
    const heals = all.filter(({ task }) => task === "heal");
    this.#count(OWN_HEALS, heals.filter(isOwnHeal).length);
    this.#count("heals that people asked for", heals.length - heals.filter(isOwnHeal).length);
    this.#count(REDEPLOYMENTS, all.filter(({ task }) => task === "redeploy").length);
    this.#count("deployer calls", hook.calls.size);
    this.#count("requests to GitHub", testBed.github.requests.all.length);
    this.#count("struck", testBed.github.requests.all.filter(({ fault }) => fault !== undefined).length);
    this.#count("webhooks", testBed.github.webhooks.deliveries.length);
  }

  get stories(): number {
    return this.#counts.get(STORIES) ?? 0;
  }

  /** What did not happen in any story, though a run without it shows nothing of drift. */
  get missing(): readonly string[] {
    return [OWN_HEALS, REDEPLOYMENTS].filter((what) => !this.#counts.get(what));
  }

  get text(): string {
    return [...this.#counts].map(([what, count]) => `${count} ${what}`).join(", ");
  }

  #count(what: string, more: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + more);
  }
}
