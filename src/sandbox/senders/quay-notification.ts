// A notification of Quay: retried until a 2xx, and disabled after the third failure in a row until it is enabled by
// hand.

import { type Answered, post, type Target } from "./post.ts";

const MOST_FAILURES = 3;

export interface QuayNotification {
  /** Resolves after the response, or when nothing more will be sent. */
  readonly push: (repository: string, tags: readonly string[]) => Promise<void>;
  readonly isEnabled: () => boolean;
}

export function quayNotification(target: Target): QuayNotification {
  let failures = 0;
  return {
    push: async (repository, tags) => {
      const [namespace = "", name = ""] = repository.split("/");
      const places = { docker_url: `quay.example.com/${repository}`, homepage: "https://quay.example.com" };
      const event = { name, repository, namespace, ...places, updated_tags: tags };
      for (let isDone = false; !isDone && failures < MOST_FAILURES; ) {
        isDone = isTaken(await post(target, JSON.stringify(event)));
        failures = isDone ? 0 : failures + 1;
      }
    },
    isEnabled: () => failures < MOST_FAILURES,
  };
}

function isTaken(answer: Answered): boolean {
  return answer !== undefined && answer.status >= 200 && answer.status < 300;
}
