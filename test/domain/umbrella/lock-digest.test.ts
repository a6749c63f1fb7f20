import { expect, test } from "@jest/globals";
import type { Dependency, DigestForm } from "../../../src/domain/model/umbrella.ts";
import { lockDigest, lockDigests } from "../../../src/domain/umbrella/lock/lock-digest.ts";
import { printLock } from "../../../src/domain/umbrella/lock/lock-text.ts";

const bitnami = "oci://registry-1.docker.io/bitnamicharts";
const wordpress: readonly (Dependency & { locked: string })[] = [
  {
    name: "memcached",
    version: "7.x.x",
    repository: bitnami,
    condition: "memcached.enabled",
    locked: "7.9.7",
  },
  { name: "mariadb", version: "22.x.x", repository: bitnami, condition: "mariadb.enabled", locked: "22.0.0" },
  { name: "common", version: "2.x.x", repository: bitnami, tags: ["bitnami-common"], locked: "2.31.4" },
];

const mixed: readonly (Dependency & { locked: string })[] = [
  {
    name: "web",
    version: ">=1.4.0 <2.0.0-0",
    repository: "https://charts.example.com/a?x=1&y=2",
    alias: "front",
    condition: "front.enabled,global.web",
    tags: ["ui", "web"],
    importValues: [
      "data",
      new Map([
        ["parent", "imported"],
        ["child", "exports.db"],
      ]),
    ],
    locked: "1.9.3",
  },
  { name: "worker", version: "^0.3.0", repository: "oci://registry.example.com/charts", locked: "0.3.7" },
  { name: "local", version: "*", repository: "", locked: "*" },
  { name: "lib", version: "~1.2", repository: "file://../lib", locked: "1.2.9" },
];

function hashed(entries: readonly (Dependency & { locked: string })[]) {
  const locked = entries.map(({ name, repository, locked: version }) => ({ name, repository, version }));
  return { required: entries, locked };
}

const alpine = {
  name: "alpine",
  version: "0.1.0",
  repository: "http://localhost:8879/charts",
  locked: "0.1.0",
};
const neighbour = { ...alpine, repository: "file://../alpine" };

interface Vector {
  readonly name: string;
  readonly form: DigestForm;
  readonly entries: readonly (Dependency & { locked: string })[];
  readonly digest: string;
}

test.each<Vector>([
  {
    name: "Helm's own TestHashReq",
    form: "helm3",
    entries: [alpine],
    digest: "fb239e836325c5fa14b29d1540a13b7d3ba13151b67fe719f820e0ef6d66aaaf",
  },
  {
    name: "Helm's issue 7233",
    form: "helm2",
    entries: [neighbour],
    digest: "7b380b1a826e7be1eecb089f66209d6d3df54be4bf879d4a8e6f8a9e871710e5",
  },
  {
    name: "bitnami/wordpress",
    form: "helm3",
    entries: wordpress,
    digest: "90bb914faa525f3b5b11f8a5eaa39a47ee3f3117f9330d0babc78a03001a1663",
  },
  {
    name: "every field",
    form: "helm3",
    entries: mixed,
    digest: "051be7443b25d7602c2cb79e1c8ca2e72928c2b31c1ca4933949118564c74e0c",
  },
  {
    name: "every field",
    form: "helm2",
    entries: mixed,
    digest: "3d3fffb200426e97340bb38980c07e9a5ed0cecc05b4f82b2c514fbe3d4800a5",
  },
])("the digest of $name in the form of $form", ({ form, entries, digest }) => {
  expect(lockDigest(form, hashed(entries))).toBe(`sha256:${digest}`);
});

test("an empty list may be one of several digests", () => {
  expect(lockDigests("helm3", { required: [], locked: [] })).toContain(
    "sha256:643d5437104296e21d906ecb15b2c96ad278f20cfc4af53b12bb6069bd853726",
  );
});

test("a lock is written with the quotes that Helm uses", () => {
  const repository = "https://h:8443/a?x=1&y=2";
  const texts = [
    "1.0",
    "1.2.3",
    "*",
    ">=1.0.0",
    "^1.0.0",
    "2020-01-01",
    "1:30",
    "n",
    "v1.2.3",
    "1e3",
    "!=1.0.0",
    "0x1",
    "~",
  ];
  const dependencies = texts.map((version) => ({ name: "a", repository, version }));
  const text = printLock({
    dependencies,
    digest: "sha256:00",
    generated: new Date("2026-01-02T03:04:05.120Z"),
  });
  expect(text.match(/(?<=version: ).*/g)).toEqual([
    '"1.0"',
    "1.2.3",
    "'*'",
    "'>=1.0.0'",
    "^1.0.0",
    '"2020-01-01"',
    '"1:30"',
    '"n"',
    "v1.2.3",
    '"1e3"',
    "'!=1.0.0'",
    '"0x1"',
    '"~"',
  ]);
  expect(text.endsWith('digest: sha256:00\ngenerated: "2026-01-02T03:04:05.12Z"\n')).toBe(true);
});

test.each([
  ["2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z"],
  ["2026-01-02T03:04:50.100Z", "2026-01-02T03:04:50.1Z"],
  ["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"],
])("the time %s is written as %s", (at, written) => {
  expect(printLock({ dependencies: [], digest: "d", generated: new Date(at) })).toBe(
    `dependencies: []\ndigest: d\ngenerated: "${written}"\n`,
  );
});
