// A rule that server.yaml violates although it matches the schema.

import type { DocumentPath } from "../domain/config/yaml-document.ts";

export interface SettingsObjection {
  readonly path: DocumentPath;
  readonly what: string;
  readonly help: string;
}
