// Somebody uses Helm by hand, or a build is killed: the release itself is not as it was deployed.

import { describe, expect, it } from "@jest/globals";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import { findHelm3 } from "../kube/helm-3-program.ts";
import { KUBERNETES } from "../kube/kube-cluster.ts";
import { isSkipped } from "../program.ts";
import type { Site } from "./site.ts";
import { useSites } from "./sites.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;
const WITHIN_MS = 900_000;
const service = { chart: "stubborn", values: { what: "service" } };
const workload = { chart: "stubborn", values: { what: "workload" } };

const BY_HAND: readonly (readonly [string, (site: Site) => Promise<unknown>, readonly string[]])[] = [
  [
    "upgraded with other values",
    (site) => site.helm(["upgrade", "NAME", "CHART", "--set", "what=workload"]),
    ["changed Release/NAME deployment", "missing Service/renumbered"],
  ],
  ["rolled back", (site) => site.helm(["rollback", "NAME", "1"]), ["changed Release/NAME deployment"]],
  ["uninstalled", (site) => site.helm(["uninstall", "NAME"]), ["missing Release/NAME"]],
  [
    "uninstalled with its history kept",
    (site) => site.helm(["uninstall", "NAME", "--keep-history"]),
    ["changed Release/NAME deployment,status"],
  ],
  [
    "Helm's records deleted",
    (site) => site.kubectl(["delete", "secrets", "--selector=owner=helm"]),
    ["missing Release/NAME"],
  ],
];

suite("a release that was touched", () => {
  const sites = useSites();

  it.each([
    ["Helm 4", async () => ({})],
    ["Helm 3", async () => ({ helm: await findHelm3() })],
  ] as const)(
    "by hand is reported, and deployed again as it was: %s",
    async (_name, helm) => {
      const site = await sites.open({ ...service, ...(await helm()) });
      await site.mustDeploy();
      for (const [what, touch, reported] of BY_HAND) {
        await touch(site);
        expect([what, await site.reported()]).toEqual([what, reported]);
        await site.mustDeploy();
        expect([what, await site.reported()]).toEqual([what, []]);
      }
    },
    WITHIN_MS,
  );

  it(
    "by a build that was killed is taken up by the next one",
    async () => {
      const site = await sites.open(workload);
      await site.mustDeploy();
      await site.helmKilled([
        "upgrade",
        "NAME",
        "CHART",
        "--set",
        "what=workload,image=web:2",
        "--labels",
        "deployment-id=1",
      ]);
      const { stdout, status } = await site.watch();
      expect({ stdout, status }).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("not judged now"),
      });
      expect(site.desk.drifts).toEqual([]);
      const deployed = await site.mustDeploy();
      expect(deployed.stdout).toContain("is pending-upgrade: what made it was killed");
      expect(await site.reported()).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    "by a first build that was killed is taken up by the next one",
    async () => {
      const site = await sites.open(workload);
      await site.helmKilled([
        "upgrade",
        "--install",
        "NAME",
        "CHART",
        "--set",
        "what=workload",
        "--labels",
        "deployment-id=1",
      ]);
      const deployed = await site.mustDeploy();
      expect(deployed.stdout).toContain("is pending-install: what made it was killed");
      expect(await site.reported()).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    "by somebody who may still be at it is not touched, with the reason",
    async () => {
      const site = await sites.open(workload);
      await site.mustDeploy();
      await site.helmKilled(["upgrade", "NAME", "CHART", "--set", "what=workload,image=web:2"]);
      expect(await site.deploy()).toMatchObject({ status: 1 });
      expect(site.desk.statuses.at(-1)?.description).toMatch(
        /Another Helm operation on \S+ is in progress; it is taken for dead after 10 minutes, deploy again then$/,
      );
    },
    WITHIN_MS,
  );

  it(
    "first by Helm 3 and then by Helm 4 stays applied client-side, and heals",
    async () => {
      const first = await sites.open({ ...workload, helm: await findHelm3() });
      await first.mustDeploy();
      await first.useHelm(await helmBinary());
      await first.kubectl(["scale", "deployment/web", "--replicas=3"]);
      expect(await first.reported()).toEqual(["changed Deployment/web spec.replicas by kubectl"]);
      await first.mustDeploy();
      expect(await first.reported()).toEqual([]);
    },
    WITHIN_MS,
  );
});
