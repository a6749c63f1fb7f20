// An offline Jenkins on loopback HTTP: real status codes, queue items and builds, injected faults, recorded requests.

import {
  type Faults,
  type Incoming,
  type Reply,
  type SeenRequest,
  startStandIn,
} from "../chartmuseum/stand-in.ts";
import type { User } from "./access.ts";
import { Controller, type JobDefinition } from "./controller.ts";
import { respond } from "./routes.ts";

export interface JenkinsOptions {
  readonly users: readonly User[];
  readonly jobs: readonly JobDefinition[];
  /** Quiet period when the request has no delay; default 0. */
  readonly quietMs?: number;
  /** How long an item is kept after it left the queue; Jenkins' own five minutes by default. */
  readonly keepItemsMs?: number;
  /** The URL that Jenkins is configured with, for `Location` and `url`; default: where it listens. */
  readonly rootUrl?: string;
  /** Where it stands on its host, as `/jenkins`; default: at the top. */
  readonly contextPath?: string;
}

/** A request that took effect, with its response, whether or not that arrived. */
interface Answered {
  readonly request: Incoming;
  readonly reply: Reply;
}

export interface Jenkins {
  /** Without a trailing slash. */
  readonly url: string;
  readonly controller: Controller;
  /** Requests since it last came up, including those hit by a fault. */
  readonly requests: readonly SeenRequest[];
  readonly answered: readonly Answered[];
  readonly faults: Faults;
  jobUrl(name: string): string;
  /** Stops listening and keeps all state; `up` listens again. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startJenkins(options: JenkinsOptions): Promise<Jenkins> {
  const controller = new Controller(options.jobs, options.keepItemsMs ?? 300_000);
  const { contextPath = "" } = options;
  const answered: Answered[] = [];
  const answer = (request: Incoming): Reply => {
    const { users, quietMs = 0, rootUrl = url } = options;
    const reply = respond(request, { controller, users, quietMs, rootUrl, contextPath });
    answered.push({ request, reply });
    return reply;
  };
  let server = await startStandIn(answer);
  const url = `${server.url}${contextPath}`;
  return {
    url,
    controller,
    answered,
    get requests() {
      return server.requests;
    },
    get faults() {
      return server.faults;
    },
    jobUrl: (name) => `${url}/job/${name.split("/").map(encodeURIComponent).join("/job/")}`,
    down: () => server.close(),
    up: async () => {
      server = await startStandIn(answer, Number(new URL(url).port));
    },
    stop: async () => {
      controller.stop();
      await server.close();
    },
  };
}
