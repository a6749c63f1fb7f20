// An index of 100,000 versions, some 57 MB: as large as those of the largest public chart repositories.

const CHARTS = 1000;
const VERSIONS = 100;

/** The last version of the last chart. */
export const LAST = { chart: `chart-${CHARTS - 1}`, version: `1.${VERSIONS - 1}.0` };

/** In YAML as Helm writes it. */
export function hugeIndex(): Buffer {
  const charts = entries((chart, version) =>
    ENTRY.replaceAll("VERSION", version).replaceAll("NAME", chart),
  ).map(([chart, versions]) => `  ${chart}:\n${versions.join("")}`);
  return Buffer.from(`apiVersion: v1\nentries:\n${charts.join("")}generated: "${CREATED}"\n`);
}

/** The same as ChartMuseum answers to `/api/charts`. */
export function hugeMuseumList(): Buffer {
  return Buffer.from(JSON.stringify(Object.fromEntries(entries(museumEntry))));
}

function entries<T>(entry: (chart: string, version: string) => T): (readonly [string, readonly T[]])[] {
  return Array.from({ length: CHARTS }, (_, number) => {
    const chart = `chart-${number}`;
    return [chart, Array.from({ length: VERSIONS }, (__, minor) => entry(chart, `1.${minor}.0`))];
  });
}

const CREATED = "2026-01-02T03:04:05.123456789Z";
const DIGEST = "0f5c1d2e3b4a59687786a5b4c3d2e1f00f5c1d2e3b4a59687786a5b4c3d2e1f0";
const DESCRIPTION = [
  "A chart that is described at some length, as charts of public repositories",
  "mostly are; a web server behind a proxy",
];

const ENTRY = `  - annotations:
      category: Infrastructure
    apiVersion: v2
    appVersion: "7.4"
    created: "${CREATED}"
    dependencies:
    - name: common
      repository: https://charts.example.com/
      version: 1.x.x
    description: ${DESCRIPTION.join("\n      ")}
    digest: ${DIGEST}
    home: https://example.com/home
    keywords:
    - web
    name: NAME
    urls:
    - charts/NAME-VERSION.tgz
    version: VERSION
`;

function museumEntry(name: string, version: string) {
  return {
    name,
    home: "https://example.com/home",
    version,
    description: DESCRIPTION.join(" "),
    keywords: ["web"],
    apiVersion: "v2",
    appVersion: "7.4",
    annotations: { category: "Infrastructure" },
    dependencies: [{ name: "common", version: "1.x.x", repository: "https://charts.example.com/" }],
    urls: [`charts/${name}-${version}.tgz`],
    created: CREATED,
    digest: DIGEST,
  };
}
