// The texts of every template in charts, those of their packed subcharts among them.

import { openArchive } from "../adapters/charts/archive/open-archive.ts";
import type { Archive } from "../domain/model/chart/archive.ts";

/** A chart within a chart within a chart … goes no deeper than anybody packs. */
const DEEPEST = 6;

/** Archives that cannot be opened have none. */
export async function templatesOf(
  archives: readonly Pick<Archive, "files">[],
  depth = 0,
): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  const files = archives.flatMap((archive) => [...archive.files]);
  const texts = files.flatMap(([path, bytes]) => (isTemplate(path) ? [decoder.decode(bytes)] : []));
  const packed = files.filter(([path]) => /(?:^|\/)charts\/[^/]+\.tgz$/.test(path));
  if (packed.length === 0 || depth >= DEEPEST) return texts;
  const opened = await Promise.all(packed.map(([, bytes]) => openArchive(bytes)));
  const inner = await templatesOf(
    opened.flatMap((archive) => (archive.ok ? [archive.value] : [])),
    depth + 1,
  );
  return [...texts, ...inner];
}

function isTemplate(path: string): boolean {
  return /(?:^|\/)templates\//.test(path);
}
