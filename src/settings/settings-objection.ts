// What speaks against server.yaml though its shape is right.

import type { DocumentPath } from "../domain/config/yaml-document.ts";

export interface SettingsObjection {
  readonly path: DocumentPath;
  readonly what: string;
  readonly help: string;
}
