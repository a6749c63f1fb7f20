// Global node ids: a prefix that tells the type, and the keys that find the thing again.

const PREFIXES = {
  Repository: "R",
  PullRequest: "PR",
  Issue: "I",
  IssueComment: "IC",
  Label: "LA",
  Ref: "REF",
  Commit: "C",
  Tree: "T",
  Blob: "B",
  User: "U",
  Bot: "BOT",
  Organization: "O",
  Team: "TM",
  PullRequestReview: "PRR",
  ReviewRequest: "RRQ",
  Deployment: "DE",
  DeploymentStatus: "DES",
  CheckRun: "CR",
  CheckSuite: "CS",
  Comparison: "CMP",
  Reaction: "REA",
  MergeQueue: "MQ",
  MergeQueueEntry: "MQE",
  StatusCheckRollup: "SCR",
  App: "A",
  PullRequestCommit: "PURC",
  Push: "PSH",
  BaseRefDeletedEvent: "BRDE",
  BaseRefForcePushedEvent: "BRFPE",
  ClosedEvent: "CE",
  LabeledEvent: "LE",
  UnlabeledEvent: "UNLE",
} as const;

export type NodeType = keyof typeof PREFIXES;

export function nodeId(type: NodeType, keys: readonly (string | number)[]): string {
  return `${PREFIXES[type]}_${Buffer.from(JSON.stringify(keys)).toString("base64url")}`;
}

/** The type and keys of a node id; `undefined` for anything that is not one. */
export function parseNodeId(
  id: string,
): { readonly type: NodeType; readonly keys: readonly unknown[] } | undefined {
  const cut = id.indexOf("_");
  const type = Object.entries(PREFIXES).find(([, prefix]) => prefix === id.slice(0, cut))?.[0];
  if (cut === -1 || !isNodeType(type)) return undefined;
  try {
    const keys: unknown = JSON.parse(Buffer.from(id.slice(cut + 1), "base64url").toString());
    return Array.isArray(keys) ? { type, keys } : undefined;
  } catch {
    return undefined;
  }
}

function isNodeType(type: string | undefined): type is NodeType {
  return type !== undefined && type in PREFIXES;
}
