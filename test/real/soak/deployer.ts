// A deployer behind a webhook: does each errand once, whatever is delivered again, and reports until it is heard.

import { setTimeout as sleep } from "node:timers/promises";
import { startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";

export const DEPLOYER = { name: "deploy-hook", secret: "deployer-secret" } as const;
const AUTHORIZATION = `Basic ${Buffer.from(`${DEPLOYER.name}:${DEPLOYER.secret}`).toString("base64")}`;
const WORKS_MS = 150;
const RETRY_MS = 200;

export interface Errand {
  readonly REPOSITORY: string;
  readonly ENVIRONMENT: string;
  readonly REVISION: string;
  readonly DEPLOYMENT_ID: string;
}

export class HookDeployer {
  /** The errands by their `webhook-id`, and what else came under the same id. */
  readonly errands = new Map<string, { readonly request: Errand; readonly body: string }>();
  readonly contradictions: string[] = [];
  readonly #reports = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #server: Awaited<ReturnType<typeof startStandIn>> | undefined;

  /** `reportTo`: where the server answers, known later. */
  async start(reportTo: () => string): Promise<string> {
    this.#server = await startStandIn(({ headers, body }) => {
      const id = String(headers["webhook-id"]);
      const known = this.errands.get(id);
      if (known === undefined) this.#begin(id, body.toString(), reportTo);
      else if (known.body !== body.toString()) this.contradictions.push(`${id} came with another body`);
      return { status: 202 };
    });
    return `${this.#server.url}/hook`;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#reports);
    await this.#server?.close();
  }

  #begin(id: string, body: string, reportTo: () => string): void {
    const request: Errand = JSON.parse(body);
    this.errands.set(id, { request, body });
    const report = this.#work(request, reportTo).finally(() => this.#reports.delete(report));
    this.#reports.add(report);
  }

  async #work({ DEPLOYMENT_ID }: Errand, reportTo: () => string): Promise<void> {
    await sleep(WORKS_MS);
    while (!this.#stopping.signal.aborted) {
      const answer = await fetch(`${reportTo()}/deployments/${DEPLOYMENT_ID}/status`, {
        method: "POST",
        headers: { authorization: AUTHORIZATION, "content-type": "application/json" },
        body: JSON.stringify({ state: "success" }),
      }).catch(() => undefined);
      if (answer?.status === 204) return;
      await sleep(RETRY_MS);
    }
  }
}
