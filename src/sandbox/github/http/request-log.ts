// The requests to the offline GitHub, so that a test can assert "exactly two requests and the token".

import type { Call } from "./call.ts";

export interface LoggedRequest {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly operation: Call["kind"];
  readonly operationName: string | undefined;
  readonly rootFields: readonly string[];
  /** The installation of its token, if it has one. */
  installationId: number | undefined;
  /** Undefined while it is running, and after a reset. */
  status: number | undefined;
  /** The fault that hit it. */
  fault: string | undefined;
}

export class RequestLog {
  /** Since the start, oldest first. */
  readonly all: LoggedRequest[] = [];
  #mark = 0;

  begin(call: Call, at: Date): LoggedRequest {
    const logged: LoggedRequest = {
      at,
      method: call.method,
      path: call.path,
      operation: call.kind,
      operationName: call.graphql?.operationName,
      rootFields: call.graphql?.rootFields ?? [],
      installationId: undefined,
      status: undefined,
      fault: undefined,
    };
    this.all.push(logged);
    return logged;
  }

  /** Starts counting here. */
  mark(): void {
    this.#mark = this.all.length;
  }

  /** Since the last mark. */
  get sinceMark(): readonly LoggedRequest[] {
    return this.all.slice(this.#mark);
  }

  /** Since the last mark, without token requests: the cost of a flow. */
  get counted(): readonly LoggedRequest[] {
    return this.sinceMark.filter(({ path }) => !path.endsWith("/access_tokens"));
  }

  /** Requests to routes that are not modelled; a test expects none. */
  get unknown(): readonly LoggedRequest[] {
    return this.all.filter(({ status }) => status === 501);
  }

  /** Merges requested over the API: the App must never make any. */
  get merges(): readonly LoggedRequest[] {
    return this.all.filter(
      ({ method, path, rootFields }) =>
        (method === "PUT" && /\/pulls\/\d+\/merge$/.test(path)) || rootFields.includes("mergePullRequest"),
    );
  }
}
