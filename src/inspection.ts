// The tools that look into charts, put together: signatures, values, images, and Helm where it is installed.

import { imageExists } from "./charts/image-exists.ts";
import { verifyProvenance } from "./charts/provenance.ts";
import type { Inspection } from "./flow/ports/check-ports.ts";
import { findHelm } from "./helm/find-helm.ts";
import { renderer } from "./helm/render.ts";
import { checkValuesInTime } from "./helm/values-check.ts";

/** `path`: the PATH to look for helm in. */
export async function inspectionTools(
  path: string,
  { fetchProvenance }: Pick<Inspection, "fetchProvenance">,
): Promise<Inspection> {
  const helm = renderer(await findHelm(path));
  return {
    fetchProvenance,
    verifyProvenance,
    imageExists,
    checkValues: (values) => checkValuesInTime(values),
    ...(helm && { render: helm.render }),
  };
}
