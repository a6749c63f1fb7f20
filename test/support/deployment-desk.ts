// chart-promoter as a deployer sees it: what it is asked to watch, and what it reports, read as the server reads it.

import type { Problem } from "../../src/domain/model/problem.ts";
import { parseReport, type Report } from "../../src/reconcile/deployment/report.ts";
import { type ParsedDriftReport, parseDriftReport } from "../../src/reconcile/drift/drift-report.ts";
import { type Incoming, json, type Reply, startStandIn } from "../../src/sandbox/chartmuseum/stand-in.ts";

const DEPLOYER = "config-jenkins";
const SECRET = 'r"s\\';

/** "changed Deployment/web spec.replicas,spec.paused by kubectl" */
export function lineOf({
  change,
  kind,
  name,
  fields = [],
  manager,
}: ParsedDriftReport["resources"][number]): string {
  const parts = [`${change} ${kind}/${name}`, fields.join(","), manager === undefined ? "" : `by ${manager}`];
  return parts.filter((part) => part !== "").join(" ");
}

interface DeployRequest {
  readonly environment: string;
  readonly revision: string;
}

export class DeploymentDesk {
  readonly environment = { DEPLOYER, REPORT_SECRET: SECRET, PROMOTER_URL: "" };
  /** Of each environment: globs KIND/NAME:FIELD. */
  readonly ignore = new Map<string, readonly string[]>();
  readonly statuses: (Report & { readonly deployment: number })[] = [];
  readonly drifts: (ParsedDriftReport & { readonly deployment: number })[] = [];
  /** What was answered with anything but 2xx. */
  readonly refusals: Reply[] = [];
  readonly #requests = new Map<number, DeployRequest>();
  readonly #succeeded = new Map<string, number>();
  #close: () => Promise<void> = async () => {};

  static async open(): Promise<DeploymentDesk> {
    const desk = new DeploymentDesk();
    const server = await startStandIn((request) => desk.#answer(request));
    desk.environment.PROMOTER_URL = server.url;
    desk.#close = server.close;
    return desk;
  }

  /** The id of a deployment that this deployer may now report on. */
  ask(called: DeployRequest): number {
    const id = 4711 + this.#requests.size;
    this.#requests.set(id, called);
    return id;
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #answer(request: Incoming): Promise<Reply> {
    const reply = await this.#decide(request);
    if (reply.status >= 300) this.refusals.push(reply);
    return reply;
  }

  async #decide({ method, url, headers, body }: Incoming): Promise<Reply> {
    const basic = Buffer.from(`${DEPLOYER}:${SECRET}`).toString("base64");
    if (headers.authorization !== `Basic ${basic}`) return json(401, { code: "unauthorized" });
    const call = `${method} ${url.pathname}`;
    if (call === `GET /deployers/${DEPLOYER}/watch`) return json(200, { environments: this.#watched() });
    const [, id, door] = /^POST \/deployments\/(\d+)\/(status|drift)$/.exec(call) ?? [];
    const called = this.#requests.get(Number(id));
    if (called === undefined) return json(404, { code: "not-found" });
    const sent: unknown = JSON.parse(body.toString());
    return door === "status" ? this.#status(Number(id), sent) : this.#drift(Number(id), sent);
  }

  #watched() {
    return [...this.#succeeded].map(([environment, deployment]) => ({
      repository: "acme/config",
      environment,
      path: environment,
      deployment,
      revision: this.#requests.get(deployment)?.revision,
      every: "15m",
      ignore: this.ignore.get(environment) ?? [],
    }));
  }

  #status(deployment: number, sent: unknown): Reply {
    const report = parseReport(sent);
    if (!report.ok) return malformed(report.problems);
    this.statuses.push({ ...report.value, deployment });
    const environment = this.#requests.get(deployment)?.environment;
    if (report.value.state === "success" && environment !== undefined)
      this.#succeeded.set(environment, deployment);
    return { status: 204 };
  }

  async #drift(deployment: number, sent: unknown): Promise<Reply> {
    const report = await parseDriftReport(sent);
    if (!report.ok) return malformed(report.problems);
    const { environment = "", revision } = this.#requests.get(deployment) ?? {};
    if (this.#succeeded.get(environment) !== deployment) return json(409, { code: "conflict" });
    if (report.value.revision !== revision) return json(409, { code: "conflict" });
    this.drifts.push({ ...report.value, deployment });
    return { status: 204 };
  }
}

function malformed(problems: readonly Problem[]): Reply {
  return json(400, { code: "malformed", detail: problems.map(({ message }) => message).join(" ") });
}
