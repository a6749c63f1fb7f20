// The App's own word in a commit message. GitHub's signature says who a commit is by, and not what of its message: whoever squashes
// the App's pull request writes one that GitHub signs for the App, and a commit of one repository can be pushed to another.

import { createHmac, createPrivateKey, hkdfSync, timingSafeEqual } from "node:crypto";

const TRAILER = "Promotion-Seal: ";
/** What only a promotion's message says. */
const SEALED = "Chart: ";
/** Many times what a promotion of hundreds of charts says, in characters. People have GitHub sign messages of megabytes. */
const LONGEST = 2 ** 18;

interface Message {
  readonly headline: string;
  readonly body: string;
}

/** In one repository. */
export interface PromotionSeal {
  /** The message with a trailer that only the App can write, for this branch and this message; as it is where it has none of a promotion's. */
  readonly seal: (message: Message, branch: string) => Message;
  /** Whether a message is what the App wrote for this branch. */
  readonly isSealed: (message: string, branch: string) => boolean;
}

/** `privateKey`: the App's, which is long and random, as what is made of it stands in public. */
export function promotionSeals(privateKey: string): (repositoryId: number) => PromotionSeal {
  let key: Buffer | undefined;
  const sealOf = (repositoryId: number, branch: string, message: readonly string[]) => {
    key ??= keyFrom(privateKey);
    const sealed = JSON.stringify([repositoryId, branch, message]);
    return createHmac("sha256", key).update(sealed).digest("base64url");
  };
  return (repositoryId) => ({
    seal: ({ headline, body }, branch) => {
      const lines = linesOf(`${headline}\n\n${body}`);
      if (!lines.some((line) => line.startsWith(SEALED))) return { headline, body };
      return { headline, body: `${body.trimEnd()}\n${TRAILER}${sealOf(repositoryId, branch, lines)}` };
    },
    isSealed: (message, branch) => {
      if (message.length > LONGEST) return false;
      const lines = linesOf(message);
      const seal = lines.at(-1) ?? "";
      if (!seal.startsWith(TRAILER)) return false;
      return isSame(seal.slice(TRAILER.length), sealOf(repositoryId, branch, lines.slice(0, -1)));
    },
  });
}

function keyFrom(privateKey: string): Buffer {
  const der = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
  return Buffer.from(hkdfSync("sha256", der, "", "chart-promoter promotion seal", 32));
}

/** However Git and GitHub end them. */
function linesOf(message: string): readonly string[] {
  return message
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
