// Docker Hub's webhooks. https://docs.docker.com/docker-hub/repos/manage/webhooks/

import * as z from "zod";
import { optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { isCalledWithSecret } from "./signature/header-secret.ts";
import type { System } from "./system.ts";

const event = z.object({
  push_data: z.object({ tag: optionalText }),
  /** `repo_name` includes the namespace. The adjacent `callback_url` is chosen by the sender and never called. */
  repository: z.object({ repo_name: z.string() }),
});

/** Events do not distinguish charts from images. */
export const dockerhub: System = {
  name: "dockerhub",
  refusals: "status",
  isFrom: isCalledWithSecret,
  read(document) {
    const read = readAs(event, document, "Docker Hub");
    if (!read.ok) return read;
    const { push_data, repository } = read.value;
    return artifactNotice({ path: repository.repo_name, tag: push_data.tag });
  },
};
