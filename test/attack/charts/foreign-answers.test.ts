// A chart repository that answers about one chart with megabytes made to be slow: they are not read further than one parses in
// some milliseconds, and nobody else waits for it.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { Reply } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { type HOSTILE, HOSTILE_DEPENDENCIES, MALLORY, startTarget, type Target } from "../target.ts";

const MIB = 2 ** 20;
type Kind = (typeof HOSTILE)[number];
let target: Target;
let versions = 0;

beforeAll(async () => {
  target = await startTarget({
    files: { "dev/requirements.yaml": `dependencies:\n${HOSTILE_DEPENDENCIES}` },
  });
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

function filled(bytes: number, [head, unit, end]: readonly [string, string, string]): string {
  return `${head}${unit.repeat(Math.floor((bytes - head.length) / unit.length)).slice(0, -1)}${end}`;
}

function json(body: string | Uint8Array, headers = {}): Reply {
  return { status: 200, headers: { "content-type": "application/json", ...headers }, body };
}

interface Release {
  readonly name: string;
  readonly version: string;
  readonly packed: Uint8Array;
}

function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A manifest whose config is this text. */
function configured({ name, version, packed }: Release, config: string): Readonly<Record<string, Reply>> {
  const described = (type: string, bytes: string | Uint8Array) => ({
    ...{ mediaType: `application/vnd.cncf.helm.${type}`, digest: digestOf(bytes), size: bytes.length },
  });
  const manifest = {
    schemaVersion: 2,
    config: described("config.v1+json", config),
    layers: [described("chart.content.v1.tar+gzip", packed)],
  };
  return {
    [`/v2/charts/${name}/manifests/${version}`]: json(JSON.stringify(manifest)),
    [`/v2/charts/${name}/blobs/${digestOf(config)}`]: json(config),
  };
}

const UNITS = { maps: "{},", numbers: "1,", texts: '"a",' };
const [JUST, FAR] = [4 * MIB - 10, 15 * MIB];

const ANSWERS: readonly (readonly [
  what: string,
  Kind,
  (release: Release) => Readonly<Record<string, Reply>>,
])[] = [JUST, FAR].flatMap((bytes) =>
  Object.entries(UNITS).flatMap(([what, unit]) => {
    const limit = `of ${Math.ceil(bytes / MIB)} MiB of ${what}`;
    return [
      [
        `a manifest ${limit}`,
        "oci",
        ({ name, version }: Release) => ({
          [`/v2/charts/${name}/manifests/${version}`]: json(filled(bytes, ['{"layers":[', unit, "]}"])),
        }),
      ],
      [
        `a config ${limit}`,
        "oci",
        (release: Release) =>
          configured(
            release,
            filled(bytes, [`{"name":"${release.name}","version":"${release.version}","x":[`, unit, "]}"]),
          ),
      ],
      [
        `tags ${limit}`,
        "oci",
        ({ name }: Release) => ({
          [`/v2/charts/${name}/tags/list`]: json(filled(bytes, ['{"tags":[', unit, "]}"])),
        }),
      ],
      [
        `a version ${limit}`,
        "chartmuseum",
        ({ name, version }: Release) => ({
          [`/api/charts/${name}/${version}`]: json(filled(bytes, ['{"keywords":[', unit, "]}"])),
        }),
      ],
      [
        `a list of versions ${limit}`,
        "chartmuseum",
        ({ name }: Release) => ({ [`/api/charts/${name}`]: json(filled(bytes, ["[", unit, "]"])) }),
      ],
    ] as const;
  }),
);

const BOMB = gzipSync(Buffer.alloc(300 * MIB, "a"));
/** One file of gzip may be many, one after the other (RFC 1952 section 2.2). */
const MEMBERS = Buffer.concat([gzipSync("["), ...Array(200_000).fill(gzipSync("")), gzipSync("]")]);
const VERSIONS = '{"name":"mallory-chartmuseum","version":"1.0.0"},';

test.each(["chartmuseum", "oci", "index"] as const)(
  "an answer in 300,000 pieces of a byte, in a repository of kind %s, is not read to its end",
  async (kind) => {
    versions += 1;
    const release = { name: `mallory-${kind}`, version: `1.${versions}.0` };
    const packed = packChart(release);
    target.hostile.serve({ ...release, packed });
    const path = {
      chartmuseum: `/charts/${release.name}-${release.version}.tgz`,
      index: `/index/charts/${release.name}-${release.version}.tgz`,
      oci: `/v2/charts/${release.name}/manifests/${release.version}`,
    }[kind];
    let pieces = 0;
    const ended = Promise.withResolvers<void>();
    const chunks = (function* () {
      try {
        for (; pieces < 300_000; pieces += 1) yield "1";
      } finally {
        ended.resolve();
      }
    })();
    target.hostile.answer(path, { status: 200, headers: { "content-type": "application/json" }, chunks });
    await target.longestBlock();
    await target.publish(
      { ...MALLORY, publisher: release.name },
      { chart: release.name, version: release.version },
    );
    await target.alicesTurn();
    await ended.promise;
    expect(await target.longestBlock()).toBeLessThan(100);
    expect(pieces).toBeLessThan(150_000);
    target.hostile.answer(path, undefined);
  },
  120_000,
);

test.each([
  ...ANSWERS,
  [
    "a list of as many versions as are read",
    "chartmuseum",
    ({ name }: Release) => ({ [`/api/charts/${name}`]: json(filled(JUST, ["[", VERSIONS, "]"])) }),
  ],
  [
    "a list of versions in 200,000 members of gzip",
    "chartmuseum",
    ({ name }: Release) => ({ [`/api/charts/${name}`]: json(MEMBERS, { "content-encoding": "gzip" }) }),
  ],
  [
    "a manifest that unpacks to 300 MiB",
    "oci",
    ({ name, version }: Release) => ({
      [`/v2/charts/${name}/manifests/${version}`]: json(BOMB, { "content-encoding": "gzip" }),
    }),
  ],
] as const)(
  "%s in a repository of kind %s holds nobody up",
  async (_what, kind, answers) => {
    versions += 1;
    const release = { name: `mallory-${kind}`, version: `1.${versions}.0` };
    const packed = packChart(release);
    target.hostile.serve({ ...release, packed });
    const given = answers({ ...release, packed });
    for (const [path, reply] of Object.entries(given)) target.hostile.answer(path, reply);
    await target.longestBlock();
    const requests = target.hostile.requests.length;
    await target.publish(
      { ...MALLORY, publisher: release.name },
      { chart: release.name, version: release.version },
    );
    await target.alicesTurn();
    expect(target.hostile.requests.length).toBeGreaterThan(requests);
    expect(await target.longestBlock()).toBeLessThan(100);
    for (const path of Object.keys(given)) target.hostile.answer(path, undefined);
  },
  120_000,
);
