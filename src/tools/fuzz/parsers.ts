// Feeds random bytes to every parser of untrusted input. A reported problem is fine; a throw is a crash.

import { parseWebhook } from "../../adapters/github/webhooks/parse-webhook.ts";
import { allowancesIn } from "../../domain/check/allowance.ts";
import { parseConfig } from "../../domain/config/parse.ts";
import { isCron, isTimeZone } from "../../domain/deployment/windows.ts";
import { environmentOfIssue } from "../../domain/drift/drift-issue.ts";
import { parseIgnoreRule } from "../../domain/drift/ignore.ts";
import { readNodes, readYaml } from "../../domain/go-yaml/read-yaml.ts";
import { tickedBoxes } from "../../domain/model/github/tick-box.ts";
import { readTrailers } from "../../domain/plan/trailers.ts";
import { parseCommands } from "../../domain/slash-command/parse-commands.ts";
import { parsePath } from "../../domain/strvals/parse-path.ts";
import { parseSet } from "../../domain/strvals/parse-set.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { readValues } from "../../domain/umbrella/values/read-values.ts";
import { parseConstraint } from "../../domain/versions/constraint.ts";
import { parseVersion } from "../../domain/versions/version.ts";
import { parseJson } from "../../intake/body/json.ts";
import { tokenOf } from "../../intake/caller/token.ts";
import { SYSTEMS } from "../../intake/notify.ts";
import { uploadedChart } from "../../intake/upload/uploaded-chart.ts";
import { parseReport } from "../../reconcile/deployment/report.ts";
import { parseDriftReport } from "../../reconcile/drift/drift-report.ts";
import { ANSWERS } from "./answers.ts";
import { hostileDeliveries } from "./deliveries.ts";
import { bytes, type Target, text } from "./target.ts";

const CONTEXT = {
  repository: "acme/config",
  defaultBranch: "main",
  deployers: [],
  file: "chart-promoter.yml",
};

export const PARSERS: readonly Target[] = [
  ...ANSWERS,
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
  {
    name: "webhook of GitHub",
    inputs: hostileDeliveries,
    read: (input) => {
      const { name, payload } = Object(input);
      return parseWebhook({ name: String(name), payload }, "promoter");
    },
  },
  text("token", (given) => tokenOf({ headers: { authorization: given } })),
  text("values", (given) => readValues("values.yaml", given)),
  text("trailers", readTrailers),
  text("ticked boxes", tickedBoxes),
  text("issue of a drift", environmentOfIssue),
  text("allowances", allowancesIn),
  text("path of values", parsePath),
  text("cron", isCron),
  text("time zone", isTimeZone),
  text("rule of what is no drift", parseIgnoreRule),
  text("uploaded form", (given) =>
    uploadedChart({
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: bytes(`--b\r\nContent-Disposition: form-data; ${given}\r\n\r\n${given}\r\n--b--`),
    }),
  ),
  ...SYSTEMS.map((system) => text(`event of ${system.name}`, (given) => system.read(jsonOf(given)))),
];

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
