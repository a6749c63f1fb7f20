import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Fault } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { type Jenkins, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { DECLARED as parameters } from "../../support/jenkins-job.ts";
import { Desk } from "./desk.ts";

const faults: readonly Fault[] = [
  { kind: "reset" },
  { kind: "lost" },
  { kind: "timeout" },
  { kind: "truncated" },
  ...[302, 401, 403, 404, 409, 429, 500, 502, 503].map((status) => ({ kind: "status" as const, status })),
];
/** Queue, builds, call, queue item, build: what one deployment asks of Jenkins when nothing goes wrong. */
const requests = [1, 2, 3, 4, 5];

let jenkins: Jenkins;
beforeEach(async () => {
  const run = async () => ({ result: "SUCCESS" as const });
  jenkins = await startJenkins({
    users: [{ name: "bot", token: "t" }],
    jobs: [{ name: "deploy", parameters, run }],
  });
});
afterEach(() => jenkins.stop());

function desk(requestMs = 100): Desk {
  const job = jenkins.jobUrl("deploy");
  const place = new Desk(
    [{ kind: "jenkins", name: "ci", job, username: "bot", token: "t", secret: "s", repositories: ["*/*"] }],
    requestMs,
  );
  place.merge({ githubId: 1, position: 1 });
  return place;
}

/** Lets the requests before the nth pass, and breaks that one. */
function breakNth(nth: number, fault: Fault): void {
  if (nth > 1) jenkins.faults.add({ kind: "slow", ms: 0 }, { times: nth - 1 });
  jenkins.faults.add(fault, { times: 1 });
}

describe("whatever goes wrong once", () => {
  it("takes five requests when nothing does", async () => {
    const place = desk(10_000);
    await place.until(() => false);
    expect(jenkins.requests).toHaveLength(requests.length);
  });

  it.each(requests.flatMap((nth) => faults.map((fault) => ({ nth, fault }))))(
    "request $nth with $fault ends in one build and success",
    async ({ nth, fault }) => {
      breakNth(nth, fault);
      const place = desk();
      await place.until(() => false);
      expect(place.deployment(1).state).toBe("success");
      expect(jenkins.controller.builds("deploy")).toHaveLength(1);
      expect(place.statusLines.at(-1)).toBe("1 success: ci: Build 1 ended with SUCCESS");
    },
  );
});
