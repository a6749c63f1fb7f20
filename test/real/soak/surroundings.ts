// What the server lives among: an offline GitHub with two installations, a ChartMuseum, two deployers, a load balancer.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { itemAt } from "../../../src/sandbox/github/git/trees.ts";
import { startGitHub } from "../../../src/sandbox/github/github.ts";
import { isWrite } from "../../../src/sandbox/github/http/limits.ts";
import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import type { Repository } from "../../../src/sandbox/github/world/repositories/repository.ts";
import { startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { startBalancer } from "./balancer.ts";
import { DEPLOYER, HookDeployer } from "./deployer.ts";
import { PUBLISHER } from "./pipelines.ts";
import { Replica } from "./replica.ts";
import { BASE_VERSION, CHARTS } from "./schedule.ts";

export const REPOSITORIES = ["acme/config", "globex/config"] as const;
export const ENVIRONMENTS = ["dev", "prod"] as const;
/** Merges. */
export const PERSON = "alice";
export const JOB = "deploy";

/** So long that processes die over it: GitHub has done what it was asked for, and the answer reaches nobody. */
const WRITES_TAKE_MS = 100;
const WEBHOOK_SECRET = "webhook-secret";
const MUSEUM_URL = "https://chartmuseum.example.com";
const ERRAND = ["REPOSITORY", "ENVIRONMENT", "PATH_IN_REPOSITORY", "REVISION", "DEPLOYMENT_ID", "CHARTS"];

export type Surroundings = Awaited<ReturnType<typeof startSurroundings>>;

/** `replicas` processes of the server, not started yet; on PostgreSQL when `databaseUrl` names one. */
export async function startSurroundings(replicas: number, databaseUrl?: string) {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-soak-"));
  // Two thousand publishes in some minutes are more than GitHub's hour of content on a machine where more is merged meanwhile.
  const github = await startGitHub({
    limits: { contentPerMinute: Number.POSITIVE_INFINITY, contentPerHour: Number.POSITIVE_INFINITY },
  });
  github.fault({ times: Number.POSITIVE_INFINITY, match: isWrite }, { kind: "slow", ms: WRITES_TAKE_MS });
  const museum = await startMuseum();
  const jenkins = await startJenkins({
    users: [{ name: "chart-promoter", token: "jenkins-token" }],
    jobs: [
      {
        name: JOB,
        parameters: Object.fromEntries(ERRAND.map((name) => [name, ""])),
        run: async () => ({ result: "SUCCESS" }),
      },
    ],
  });
  const hook = new HookDeployer();
  const hookUrl = await hook.start(() => balancer.url);
  const config = join(folder, "server.yaml");
  await writeFile(config, serverYaml({ museum: museum.url, hook: hookUrl, job: jenkins.jobUrl(JOB) }));
  for (const name of REPOSITORIES)
    github.createRepository({ name, files: configRepository(), people: { [PERSON]: "write" } });
  for (const account of new Set(REPOSITORIES.map((name) => name.split("/")[0] ?? "")))
    github.install({ account, repositories: "all" });
  const env = {
    PORT: "0",
    HOST: "127.0.0.1",
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET,
    GHE_HOST: new URL(github.url).host,
    GHE_PROTOCOL: "http",
    SERVER_CONFIG: config,
    NODE_COMPILE_CACHE: join(folder, "compiled"),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  const servers = Array.from(
    { length: replicas },
    (_, n) => new Replica({ ...env, DATA_DIR: join(folder, `data-${n}`) }),
  );
  const balancer = await startBalancer(servers);
  github.webhooks.sendTo({ url: `${balancer.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
  return {
    ...{ github, museum, jenkins, hook, servers, url: balancer.url },
    stop: async () => {
      await Promise.all(servers.map((server) => server.kill()));
      await hook.stop();
      await Promise.all([balancer.close(), github.close(), museum.close(), jenkins.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The version of a chart that an environment asks for on a branch. */
export function versionOn(
  { objects, ...repository }: Repository,
  branch: string,
  { environment, chart }: { readonly environment: string; readonly chart: string },
): string | undefined {
  const head = repository.refs.get(`refs/heads/${branch}`);
  const item = head && itemAt(objects, objects.mustCommit(head).tree, `${environment}/requirements.yaml`);
  const text = item ? (objects.blob(item.oid)?.toString() ?? "") : "";
  return new RegExp(`name: ${chart}\n +version: (\\S+)`).exec(text)?.[1];
}

function configRepository(): FilesGiven {
  const files = ENVIRONMENTS.flatMap((environment) => [
    [`${environment}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    [`${environment}/requirements.yaml`, requirements()],
  ]);
  return {
    ".github/chart-promoter.yml": `environments:
  dev: { path: dev, deploy: [${DEPLOYER.name}] }
  prod: { path: prod, deploy: [config-jenkins] }
`,
    ...Object.fromEntries(files),
  };
}

function requirements(): string {
  const entries = CHARTS.map(
    (name) => `  - name: ${name}\n    version: ${BASE_VERSION}\n    repository: ${MUSEUM_URL}\n`,
  );
  return `dependencies:\n${entries.join("")}`;
}

function serverYaml(at: { readonly museum: string; readonly hook: string; readonly job: string }): string {
  return `chartRepositories:
  museum: { url: "${MUSEUM_URL}", fetchFrom: "${at.museum}" }
publishers:
  ${PUBLISHER.name}:
    secret: ${PUBLISHER.secret}
    repository: museum
    charts: ["*"]
    quota: { perMinute: 60000, burst: 10000 }
deployers:
  ${DEPLOYER.name}: { webhook: "${at.hook}", secret: ${DEPLOYER.secret}, repositories: ["*/*"] }
  config-jenkins:
    { jenkins: "${at.job}", username: chart-promoter, token: jenkins-token, secret: report-secret, repositories: ["*/*"] }
metrics: public
`;
}
