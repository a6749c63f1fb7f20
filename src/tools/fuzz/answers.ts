// Feeds random bytes to the parsers of what chart repositories answer.

import fc from "fast-check";
import { generateKey } from "openpgp";
import { openArchive } from "../../adapters/charts/archive/open-archive.ts";
import { verifyProvenance } from "../../adapters/charts/archive/provenance.ts";
import { parseChallenges } from "../../adapters/charts/http/challenges.ts";
import { nextLink } from "../../adapters/charts/http/link-header.ts";
import { parseForeignJson } from "../../adapters/charts/http/parse-json.ts";
import type { IndexLayout } from "../../adapters/charts/index/index-content.ts";
import { IndexReader } from "../../adapters/charts/index/index-reader.ts";
import { WholeIndex } from "../../adapters/charts/index/yaml/whole-index.ts";
import { parseImageName } from "../../adapters/charts/oci/image-name.ts";
import { parseOciReference } from "../../adapters/charts/oci/oci-reference.ts";
import { changelogSections } from "../../domain/pull-request-body/changes/changelog.ts";
import { readReleaseNotes } from "../../domain/pull-request-body/changes/release-note.ts";
import { readManifests } from "../../domain/pull-request-body/manifests/manifests.ts";
import {
  helmWords,
  readSchemaWords,
  readTemplateFault,
} from "../../domain/pull-request-body/rendering/helm-words.ts";
import { packChart } from "../../sandbox/chartmuseum/pack-chart.ts";
import { bytes, type Target, text } from "./target.ts";

const keyring = generateKey({ userIDs: [{ name: "web" }], format: "object" }).then(({ publicKey }) =>
  publicKey.write(),
);

export const ANSWERS: readonly Target[] = [
  text("Link header", (given) => nextLink(given, new URL("https://charts.example.com/"))),
  text("WWW-Authenticate", parseChallenges),
  ...(["index", "museum"] as const).flatMap((layout) => [
    text(`${layout} of charts`, (given) => readPieces(given, { layout })),
    text(`${layout} of one chart`, (given) => readPieces(given, { layout, charts: ["web"] })),
  ]),
  text("entry of an index", (given) => readPieces(`entries:\n  web:\n  - ${given}`, { layout: "index" })),
  text("changelog", (given) => changelogSections({ files: new Map([["CHANGELOG.md", bytes(given)]]) })),
  text("index as a whole", (given) => readWhole(given)),
  text("JSON of a registry", (given) => parseForeignJson(bytes(given))),
  text("manifests", readManifests),
  text("release notes", readReleaseNotes),
  text("words of Helm", (given) => [helmWords(given), readSchemaWords(given), readTemplateFault(given)]),
  text("image", parseImageName),
  text("OCI address", (given) => parseOciReference(given, "1.0.0")),
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

/** In two pieces, split where no parser expects it. */
function readPieces(
  given: string,
  query: { readonly layout: IndexLayout; readonly charts?: readonly string[] },
) {
  const reader = new IndexReader(query);
  const whole = bytes(given);
  const half = Math.floor(whole.length / 2);
  reader.push(whole.subarray(0, half));
  reader.push(whole.subarray(half));
  return reader.end();
}

function readWhole(given: string) {
  const reader = new WholeIndex({ layout: "index" });
  reader.push(bytes(given));
  return reader.end();
}

function bytesOf(input: unknown): Uint8Array {
  return input instanceof Uint8Array ? input : new Uint8Array();
}
