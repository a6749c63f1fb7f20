// The notifications of the CNCF distribution registry (notifications/sinks.go, notifications/http.go): one event for
// each call, the next one only after a 2xx or 3xx; any other response is retried for ever.

import { setTimeout as sleep } from "node:timers/promises";
import { type Answered, post, type Target } from "./post.ts";

export interface DistributionQueue {
  /** Appends an event to the queue. */
  readonly push: (event: object) => void;
  /** Number of undelivered events, including the one being tried. */
  readonly pending: () => number;
  /** All responses so far, oldest first. */
  readonly answers: readonly Answered[];
  /** Stops, as a registry that is shut down: its queue is in memory only. */
  readonly stop: () => void;
}

const EVENTS = "application/vnd.docker.distribution.events.v2+json";

/** `backoffMs`: delay before a retry (default: a second). */
export function startDistributionQueue(target: Target, { backoffMs = 1000 } = {}): DistributionQueue {
  const queue: object[] = [];
  const answers: Answered[] = [];
  const stopping = new AbortController();
  const deliver = async (event: object): Promise<void> => {
    while (!stopping.signal.aborted) {
      const answer = await post(target, JSON.stringify({ events: [event] }, null, 3), EVENTS);
      answers.push(answer);
      if (answer !== undefined && answer.status >= 200 && answer.status < 400) return;
      await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    answers,
    pending: () => queue.length,
    push: (event) => {
      queue.push(event);
      last = last.then(() => deliver(event)).then(() => void queue.shift());
    },
    stop: () => stopping.abort(),
  };
}

/** The event of a pushed manifest, with the fields that `includereferences` adds. */
export function pushEvent(artifact: {
  readonly repository: string;
  readonly tag: string;
  readonly configType: string;
  /** Digest of the layer with the packed chart. */
  readonly contentDigest?: string;
}): object {
  const { repository, tag, configType, contentDigest = `sha256:${"0".repeat(64)}` } = artifact;
  const digest = `sha256:${"1".repeat(64)}`;
  return {
    id: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    action: "push",
    target: {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest,
      size: 708,
      length: 708,
      repository,
      url: `https://registry.example.com/v2/${repository}/manifests/${digest}`,
      tag,
      references: [
        { mediaType: configType, digest: `sha256:${"2".repeat(64)}`, size: 312 },
        {
          mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
          digest: contentDigest,
          size: 3211,
        },
      ],
    },
    request: {
      id: "1",
      addr: "10.0.0.9:4711",
      host: "registry.example.com",
      method: "PUT",
      useragent: "Helm",
    },
    actor: { name: "ci" },
    source: { addr: "registry:5000", instanceID: "a" },
  };
}
