// Somebody touches the cluster; the deployer's scripts report it, deploy the same again, and report that all is well. On a
// real API server with the real Helm 4 and Helm 3, so that what is called drift is what a deployment really takes back.

import { describe, expect, it } from "@jest/globals";
import { findHelm3 } from "../kube/helm-3-program.ts";
import { KUBERNETES } from "../kube/kube-cluster.ts";
import { isSkipped } from "../program.ts";
import type { Site } from "./site.ts";
import { useSites } from "./sites.ts";
import { TOUCHES } from "./touches.ts";

const suite = isSkipped(KUBERNETES) ? describe.skip : describe;
const WITHIN_MS = 900_000;

const HELMS = [
  ["Helm 4", "ssa", async () => ({})],
  ["Helm 3", "csa", async () => ({ helm: await findHelm3() })],
] as const;

/** The same by both ways of comparing. */
async function expectReported(site: Site, lines: readonly string[]): Promise<void> {
  expect(await site.reported("reading")).toEqual(lines);
  expect(await site.reported("dry-run")).toEqual(lines);
}

suite("drift on a real cluster", () => {
  const sites = useSites();

  describe.each(HELMS)("%s", (name, merge, helm) => {
    const touched = TOUCHES.flatMap(({ reported }) => ("ssa" in reported ? reported[merge] : reported));

    it(
      "reports what was touched, takes it back, and leaves alone what was added",
      async () => {
        const site = await sites.open({ chart: "touched", ...(await helm()) });
        site.desk.ignore.set(site.namespace, ["Deployment/ignored:spec.repl*"]);
        await site.mustDeploy();
        await expectReported(site, []);

        for (const { command, input } of TOUCHES) await site.kubectl(command, input);
        const touchedAt = Date.now();
        await expectReported(site, touched.toSorted());
        const added = TOUCHES.map((touch) => touch.added).filter((line) => line !== undefined);
        expect(added.filter((line) => !site.output.includes(`left alone: ${line}`))).toEqual([]);

        const { stdout } = await site.mustDeploy();
        expect(stdout).toContain("To take back: Deployment/scaled spec.replicas, written by kubectl");
        expect(await site.reported("reading")).toEqual([]);
        const seconds = Math.round((Date.now() - touchedAt) / 1000);
        expect(await site.reported("dry-run")).toEqual([]);

        expect(site.output).not.toMatch(/canary|Y2FuYXJ5/);
        expect(site.desk.refusals).toEqual([]);
        process.stdout.write(`${name}: ${touched.length} objects touched, healed after ${seconds} s\n`);
      },
      WITHIN_MS,
    );
  });

  describe.each(HELMS)("what no deployment mends, %s", (_name, merge, helm) => {
    async function fails(site: Site, description: RegExp): Promise<void> {
      expect(await site.deploy()).toMatchObject({ status: 1 });
      const last = site.desk.statuses.at(-1);
      expect(last).toMatchObject({ state: "failure", description: expect.stringMatching(description) });
    }

    it(
      "the number of a Service's port",
      async () => {
        const site = await sites.open({ chart: "stubborn", values: { what: "service" }, ...(await helm()) });
        await site.mustDeploy();
        const port = JSON.stringify([{ op: "replace", path: "/spec/ports/0/port", value: 8080 }]);
        await site.kubectl(["patch", "service/renumbered", "--type=json", "--patch", port]);
        const changed = `changed Service/renumbered spec.ports[${merge === "ssa" ? "80/TCP" : "80"}]`;
        await expectReported(site, [changed]);
        expect(site.output).toContain("dry_run of Service/renumbered was refused (Invalid)");
        await fails(site, /renumbered.*Duplicate value.*delete that object \(kubectl delete\)/);
        expect(await site.reported()).toEqual(["changed Release/NAME deployment,status", changed]);
        await site.kubectl(["delete", "service/renumbered"]);
        await site.mustDeploy();
        await expectReported(site, []);
      },
      WITHIN_MS,
    );

    it(
      "the protocol of a container's port, which Helm 3 leaves alone",
      async () => {
        const site = await sites.open({ chart: "stubborn", values: { what: "workload" }, ...(await helm()) });
        await site.mustDeploy();
        const path = "/spec/template/spec/containers/0/ports/0/protocol";
        const protocol = JSON.stringify([{ op: "replace", path, value: "UDP" }]);
        await site.kubectl(["patch", "deployment/web", "--type=json", "--patch", protocol]);
        if (merge === "csa") return await expectReported(site, []);
        await expectReported(site, [
          "changed Deployment/web spec.template.spec.containers[web].ports[8080/TCP]",
        ]);
        await fails(site, /web.*Duplicate value.*delete that object/);
        await site.kubectl(["delete", "deployment/web"]);
        await site.mustDeploy();
        await expectReported(site, []);
      },
      WITHIN_MS,
    );

    it(
      "a Deployment recreated with another selector",
      async () => {
        const site = await sites.open({ chart: "stubborn", values: { what: "workload" }, ...(await helm()) });
        await site.mustDeploy();
        const there = JSON.parse(await site.kubectl(["get", "deployment/web", "--output=json"]));
        await site.kubectl(["delete", "deployment/web"]);
        there.spec.selector.matchLabels = { app: "other" };
        there.spec.template.metadata.labels = { app: "other" };
        const { annotations, labels, name } = there.metadata;
        const recreated = { ...there, metadata: { annotations, labels, name } };
        await site.kubectl(["create", "--filename=-"], JSON.stringify(recreated));
        await expectReported(site, [
          "changed Deployment/web spec.selector.matchLabels.app,spec.template.metadata.labels.app by kubectl-create",
        ]);
        await fails(site, /web.*spec.selector.*field is immutable.*delete that object/);
        await site.kubectl(["delete", "deployment/web"]);
        await site.mustDeploy();
        await expectReported(site, []);
      },
      WITHIN_MS,
    );

    it(
      "a definition that was deleted",
      async () => {
        const site = await sites.open({ chart: "stubborn", values: { what: "widget" }, ...(await helm()) });
        await site.mustDeploy();
        await expectReported(site, []);
        await site.kubectl(["delete", "customresourcedefinition/widgets.example.com"]);
        await expectReported(site, ["missing Widget/gadget"]);
        await fails(site, /no matches for kind.*CustomResourceDefinition is gone: install it/);
        await site.applyDefinitions();
        await site.mustDeploy();
        await expectReported(site, []);
      },
      WITHIN_MS,
    );
  });
});
