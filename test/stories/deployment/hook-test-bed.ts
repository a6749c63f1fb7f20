// A test bed whose config names a webhook deployer, what that was called for, and what it reports.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Settings } from "../../../src/domain/model/config/settings.ts";
import { configRepository } from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, testBed } from "../setting.ts";

/** `dev success failed …`: the statuses of each deployment, oldest first. */
export function statuses(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(({ environment, statuses: told }) =>
    [environment, ...told.map(({ state }) => state)].join(" "),
  );
}

export function comments(): readonly string[] {
  return [...testBed.repository().comments.values()].map(({ body }) => body);
}

export function withConfig(config: string) {
  return { ...configRepository(), ".github/chart-promoter.yml": config };
}

/** A deployer that takes every call and remembers it. */
export async function hookTestBed(
  config: string,
  files = withConfig(config),
  others: Settings["deployers"] = [],
) {
  const calls: { readonly deploymentId: number; readonly revision: string }[] = [];
  const hook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const said: { DEPLOYMENT_ID: string | number; REVISION: string } = JSON.parse(
        Buffer.concat(chunks).toString(),
      );
      calls.push({ deploymentId: Number(said.DEPLOYMENT_ID), revision: said.REVISION });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((done) => {
    hook.listen(0, "127.0.0.1", done);
  });
  const { port }: AddressInfo = Object(hook.address());
  closeAfterwards(async () => {
    hook.closeAllConnections();
    await new Promise((done) => {
      hook.close(done);
    });
  });
  const url = `http://127.0.0.1:${port}/hook`;
  await live({
    files,
    deployers: [
      { kind: "webhook", name: "hook", url, secret: "hook-secret", repositories: ["*/*"] },
      ...others,
    ],
  });
  return calls;
}

/** `by`: name and secret. */
export async function report(id: number | undefined, body: object, by = "hook:hook-secret"): Promise<number> {
  const answer = await fetch(`${testBed.url()}/deployments/${id}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(by).toString("base64")}`,
    },
    body: JSON.stringify(body),
  });
  await testBed.waitUntilIdle();
  return answer.status;
}
