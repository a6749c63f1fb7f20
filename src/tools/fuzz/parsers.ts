// Feeds random bytes to every parser of untrusted input. A reported problem is fine; a throw is a crash.

import fc from "fast-check";
import { generateKey } from "openpgp";
import { openArchive } from "../../adapters/charts/archive/open-archive.ts";
import { verifyProvenance } from "../../adapters/charts/archive/provenance.ts";
import { parseChallenges } from "../../adapters/charts/http/challenges.ts";
import { nextLink } from "../../adapters/charts/http/link-header.ts";
import { parseWebhook } from "../../adapters/github/webhooks/parse-webhook.ts";
import { parseConfig } from "../../domain/config/parse.ts";
import { readNodes, readYaml } from "../../domain/go-yaml/read-yaml.ts";
import { parseCommands } from "../../domain/slash-command/parse-commands.ts";
import { parseSet } from "../../domain/strvals/parse-set.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { parseConstraint } from "../../domain/versions/constraint.ts";
import { parseVersion } from "../../domain/versions/version.ts";
import { parseJson } from "../../intake/body/json.ts";
import { SYSTEMS } from "../../intake/notify.ts";
import { parseReport } from "../../reconcile/deployment/report.ts";
import { parseDriftReport } from "../../reconcile/drift/drift-report.ts";
import { packChart } from "../../sandbox/chartmuseum/pack-chart.ts";
import { documents, long, words } from "./bytes.ts";

/** One kind of input and the parser for it. */
export interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<unknown>;
  readonly read: (input: unknown) => unknown;
}

const texts = fc.oneof(documents, words, long);
const keyring = generateKey({ userIDs: [{ name: "web" }], format: "object" }).then(({ publicKey }) =>
  publicKey.write(),
);
const CONTEXT = {
  repository: "acme/config",
  defaultBranch: "main",
  deployers: [],
  file: "chart-promoter.yml",
};

export const PARSERS: readonly Target[] = [
  text("YAML", readYaml),
  text("YAML nodes", readNodes),
  text("config", (given) => parseConfig(given, CONTEXT)),
  text("config's environments", (given) => parseConfig(`environments:\n  dev:\n    ${given}`, CONTEXT)),
  text("requirements", (given) => readUmbrella(umbrella(given, ""), new Map())),
  text("lock", (given) => readUmbrella(umbrella("dependencies: []\n", given), new Map())),
  text("commands", parseCommands),
  text("--set", parseSet),
  text("version", parseVersion),
  text("constraint", parseConstraint),
  text("JSON", (given) => parseJson(Buffer.from(given))),
  text("report", (given) => parseReport(jsonOf(given))),
  text("report of a drift", (given) => parseDriftReport(jsonOf(given))),
  text("Link header", (given) => nextLink(given, new URL("https://charts.example.com/"))),
  text("WWW-Authenticate", parseChallenges),
  text("webhook of GitHub", (given) =>
    parseWebhook({ name: "issue_comment", payload: jsonOf(given) }, "promoter"),
  ),
  ...SYSTEMS.map((system) => text(`event of ${system.name}`, (given) => system.read(jsonOf(given)))),
  text("chart", (given) =>
    openArchive(packChart({ name: "web", version: "1.0.0", files: { "Chart.yaml": given } })),
  ),
  text("provenance", async (given) =>
    verifyProvenance({
      ...{
        prov: given,
        keyring: await keyring,
        packed: Buffer.from("packed"),
        name: "web",
        version: "1.0.0",
      },
    }),
  ),
  {
    name: "archive",
    inputs: fc.uint8Array({ maxLength: 2_000 }),
    read: (bytes) => openArchive(bytesOf(bytes)),
  },
];

function text(name: string, read: (given: string) => unknown): Target {
  return { name, inputs: texts, read: (input) => read(String(input)) };
}

function umbrella(requirements: string, lock: string): ReadonlyMap<string, string> {
  return new Map([
    ["Chart.yaml", "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    ["requirements.yaml", requirements],
    ["requirements.lock", lock],
  ]);
}

function jsonOf(text: string): unknown {
  const parsed = parseJson(Buffer.from(text));
  return parsed.ok ? parsed.value : text;
}

function bytesOf(input: unknown): Uint8Array {
  return input instanceof Uint8Array ? input : new Uint8Array();
}
