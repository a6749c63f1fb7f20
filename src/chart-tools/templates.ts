// The texts of all templates and schemas in charts, including packed subcharts.

import { ARCHIVE_LIMITS } from "../adapters/charts/archive/archive-limits.ts";
import { openArchive } from "../adapters/charts/archive/open-archive.ts";
import type { Archive } from "../domain/model/chart/archive.ts";
import type { Files } from "../domain/model/umbrella.ts";
import type { SchemaWords } from "../domain/pull-request-body/facts.ts";
import { fileInSchema } from "../domain/pull-request-body/values/schema-files.ts";

/** Maximum nesting of charts in charts; deeper than any real chart. */
const DEEPEST = 6;
/** Total size of everything that is unpacked for one result: each nested archive may be as large as any other. */
const ROOM_BYTES = 256 * 2 ** 20;

interface Room {
  left: number;
}

/** Archives that cannot be opened have none. */
export async function templatesOf(archives: readonly Pick<Archive, "files">[]): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  const { charts } = await withSubcharts(archives, { left: ROOM_BYTES });
  return charts.flatMap(({ files }) =>
    [...files].flatMap(([path, bytes]) => (/(?:^|\/)templates\//.test(path) ? [decoder.decode(bytes)] : [])),
  );
}

/** The charts among these archives and an umbrella chart with a schema that refers to a local file. */
export async function schemasOfFiles(
  umbrella: string,
  sides: readonly { readonly umbrellaFiles: Files; readonly archives: ReadonlyMap<string, Uint8Array> }[],
): Promise<SchemaWords["untried"]> {
  const packed = new Set(sides.flatMap(({ archives }) => [...archives.values()]));
  const room = { left: ROOM_BYTES };
  const own = await opened([...packed], room);
  const { charts, areAll } = await withSubcharts(own, room);
  const decoder = new TextDecoder();
  const schemas = [
    ...sides.flatMap(({ umbrellaFiles }) => schemasIn(umbrella, umbrellaFiles)),
    ...charts.flatMap(({ metadata, files }) => schemasIn(metadata.name, files)),
  ];
  const found = schemas.flatMap(({ chart, text }) => {
    const file = fileInSchema(typeof text === "string" ? text : decoder.decode(text));
    return file === undefined
      ? []
      : [[chart, `it refers to ${file}, a file of the machine that reads it`] as const];
  });
  const isWhole = areAll && own.length === packed.size;
  const unopened = isWhole
    ? []
    : [[umbrella, "a chart in it could not be opened to look for its schema"] as const];
  return [...new Map([...found, ...unopened])].map(([chart, because]) => ({ chart, because }));
}

/** `root`: name of the chart with these files; a subchart's folder has its own name. */
function schemasIn<Text>(root: string, files: ReadonlyMap<string, Text>) {
  return [...files].flatMap(([path, text]) => {
    const [file, folder = root, charts] = path.split("/").toReversed();
    return file === "values.schema.json" ? [{ chart: charts === "charts" ? folder : root, text }] : [];
  });
}

interface Charts<Chart> {
  readonly charts: readonly (Chart | Archive)[];
  /** Whether every nested archive was opened. */
  readonly areAll: boolean;
}

async function withSubcharts<Chart extends Pick<Archive, "files">>(
  charts: readonly Chart[],
  room: Room,
  depth = 0,
): Promise<Charts<Chart>> {
  const packed = charts.flatMap(({ files }) =>
    [...files].flatMap(([path, bytes]) => (/(?:^|\/)charts\/[^/]+\.tgz$/.test(path) ? [bytes] : [])),
  );
  if (packed.length === 0 || depth >= DEEPEST) return { charts, areAll: packed.length === 0 };
  const found = await opened(packed, room);
  const inner = await withSubcharts(found, room, depth + 1);
  return {
    charts: [...charts, ...inner.charts],
    areAll: inner.areAll && found.length === packed.length,
  };
}

/** Sequentially, within the size limit. */
async function opened(packed: readonly Uint8Array[], room: Room): Promise<readonly Archive[]> {
  const found: Archive[] = [];
  for (const bytes of packed) {
    const unpackedBytes = Math.min(ARCHIVE_LIMITS.unpackedBytes, room.left);
    const archive = await openArchive(bytes, { ...ARCHIVE_LIMITS, unpackedBytes });
    if (!archive.ok) continue;
    room.left -= [...archive.value.files.values()].reduce((sum, { length }) => sum + length, 0);
    found.push(archive.value);
  }
  return found;
}
