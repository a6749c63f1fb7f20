// One repository: its Git objects, refs, and all numbered or named records.

import { ObjectStore } from "../../git/object-store.ts";
import type {
  Account,
  Activity,
  BranchRule,
  CheckRun,
  CheckSuite,
  Comment,
  Deployment,
  Issue,
  Label,
  LabelEvent,
  Permission,
  PullRequest,
  Reaction,
  Review,
} from "../records.ts";
import { notFound } from "../refusal.ts";

export interface RepositorySettings {
  readonly allowMerge: boolean;
  readonly allowSquash: boolean;
  readonly allowRebase: boolean;
  readonly allowAutoMerge: boolean;
  readonly deleteBranchOnMerge: boolean;
}

export interface Identity {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly createdAt: Date;
  /** The repository it was forked from, whose object store it shares. */
  readonly parent?: Repository;
}

export class Repository {
  readonly id: number;
  readonly createdAt: Date;
  readonly parent: Repository | undefined;
  readonly objects: ObjectStore;
  owner: Account;
  name: string;
  defaultBranch = "main";
  archived = false;
  private = true;
  settings: RepositorySettings = {
    allowMerge: true,
    allowSquash: true,
    allowRebase: true,
    allowAutoMerge: true,
    deleteBranchOnMerge: false,
  };
  pushedAt: Date;
  updatedAt: Date;
  nextNumber = 1;
  /** Full ref name (`refs/heads/main`) to commit id. */
  refs = new Map<string, string>();
  /** Issues and pull requests share their numbers. */
  threads = new Map<number, Issue | PullRequest>();
  activities = new Map<number, Activity>();
  labels = new Map<number, Label>();
  labelEvents = new Map<number, LabelEvent>();
  comments = new Map<number, Comment>();
  reactions = new Map<number, Reaction>();
  reviews = new Map<number, Review>();
  deployments = new Map<number, Deployment>();
  checkSuites = new Map<number, CheckSuite>();
  checkRuns = new Map<number, CheckRun>();
  /** Login in lower case to what that person may do here. */
  permissions = new Map<string, Permission>();
  rules: readonly BranchRule[] = [];
  /** Slugs of teams that may be requested as reviewers. */
  teams: readonly string[] = [];

  constructor({ id, owner, name, createdAt, parent }: Identity) {
    this.id = id;
    this.owner = owner;
    this.name = name;
    this.createdAt = createdAt;
    this.pushedAt = createdAt;
    this.updatedAt = createdAt;
    this.parent = parent;
    this.objects = parent?.objects ?? new ObjectStore();
  }

  get fullName(): string {
    return `${this.owner.login}/${this.name}`;
  }

  /** A snapshot of the repository, for stale reads. */
  copy(): Repository {
    const { id, owner, name, createdAt, parent } = this;
    const copy = new Repository({ id, owner, name, createdAt, ...(parent && { parent }) });
    Object.assign(copy, this);
    for (const key of COPIED) Object.assign(copy, { [key]: new Map<unknown, unknown>(this[key]) });
    return copy;
  }

  branch(name: string): string | undefined {
    return this.refs.get(`refs/heads/${name}`);
  }

  pull(number: number): PullRequest | undefined {
    const thread = this.threads.get(number);
    return thread?.kind === "pull-request" ? thread : undefined;
  }

  mustPull(number: number): PullRequest {
    const pull = this.pull(number);
    if (pull === undefined)
      throw notFound(`Could not resolve to a PullRequest with the number of ${number}.`);
    return pull;
  }

  mustThread(number: number): Issue | PullRequest {
    const thread = this.threads.get(number);
    if (thread === undefined)
      throw notFound(`Could not resolve to an issue or pull request with the number of ${number}.`);
    return thread;
  }

  pulls(): PullRequest[] {
    return [...this.threads.values()].filter((thread) => thread.kind === "pull-request");
  }

  issues(): Issue[] {
    return [...this.threads.values()].filter((thread) => thread.kind === "issue");
  }

  label(name: string): Label | undefined {
    return [...this.labels.values()].find((label) => label.name.toLowerCase() === name.toLowerCase());
  }

  /** A commit by id, by branch, or by full ref name. */
  resolve(reference: string): string | undefined {
    if (/^[0-9a-f]{40}$/.test(reference)) return this.objects.commit(reference) && reference;
    return this.refs.get(reference) ?? this.branch(reference) ?? this.refs.get(`refs/${reference}`);
  }
}

const COPIED = [
  "refs",
  "threads",
  "activities",
  "labels",
  "labelEvents",
  "comments",
  "reactions",
  "reviews",
  "deployments",
  "checkSuites",
  "checkRuns",
  "permissions",
] as const;
