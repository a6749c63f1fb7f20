// Pull requests.

import { mergeBase } from "../../git/history.ts";
import { countLines } from "../../git/line-counts.ts";
import { changesBetween } from "../../git/trees.ts";
import { nodeId } from "../../shapes/node-id.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import { commitsOf } from "../../world/associations.ts";
import { obstacles, trialMerge } from "../../world/pull-requests/mergeability.ts";
import { MOST_COMPARED, MOST_LISTED } from "../../world/pull-requests/most-files.ts";
import { opinions, reviewDecision } from "../../world/pull-requests/review-decision.ts";
import type { LabelEvent, PullRequest, Review } from "../../world/records.ts";
import { unprocessable } from "../../world/refusal.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { rulesFor } from "../../world/repositories/rules.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { pullState } from "../select.ts";
import { ThreadNode } from "./thread.ts";

interface TimelineItem {
  readonly at: Date;
  /** Order among those of the same instant. */
  readonly order: number;
  readonly node: () => object | null | undefined;
}

export class PullRequestNode extends ThreadNode<PullRequest> {
  readonly __typename = "PullRequest";

  constructor(graph: Graph, repository: Repository, number: number) {
    super(graph, repository, () => repository.mustPull(number));
  }

  get id(): string {
    return nodeId("PullRequest", [this.source.id, this.number]);
  }

  get state(): "OPEN" | "CLOSED" | "MERGED" {
    return pullState(this.record);
  }

  get isDraft(): boolean {
    return this.record.draft;
  }

  get merged(): boolean {
    return this.record.merge !== undefined;
  }

  get mergedAt(): Date | null {
    return this.record.merge?.at ?? null;
  }

  mergedBy(): object | null {
    const { merge } = this.record;
    return merge === undefined ? null : this.graph.make.actor(merge.by);
  }

  mergeCommit(): object | null {
    const { merge } = this.record;
    return merge === undefined ? null : this.graph.make.object(this.source, merge.oid);
  }

  get mergeable(): "MERGEABLE" | "CONFLICTING" {
    return trialMerge(this.source, this.record).kind === "merged" ? "MERGEABLE" : "CONFLICTING";
  }

  get mergeStateStatus(): string {
    if (this.mergeable === "CONFLICTING") return "DIRTY";
    if (this.record.draft) return "DRAFT";
    return obstacles(this.source, this.record).length > 0 ? "BLOCKED" : "CLEAN";
  }

  get headRefName(): string {
    return this.record.head.branch;
  }

  get headRefOid(): string {
    return this.record.head.oid;
  }

  get baseRefName(): string {
    return this.record.base.branch;
  }

  get baseRefOid(): string {
    return this.record.base.oid;
  }

  headRef(): object | null {
    const repository = this.#headRepository;
    return repository === undefined
      ? null
      : this.graph.make.ref(repository, `refs/heads/${this.headRefName}`);
  }

  baseRef(): object | null {
    return this.graph.make.ref(this.source, `refs/heads/${this.baseRefName}`);
  }

  headRepository(): object | null {
    return this.#headRepository === undefined ? null : this.graph.make.repository(this.#headRepository);
  }

  headRepositoryOwner(): object | null {
    return this.#headRepository === undefined ? null : this.graph.make.actor(this.#headRepository.owner);
  }

  baseRepository(): object {
    return this.graph.make.repository(this.source);
  }

  get isCrossRepository(): boolean {
    return this.record.head.repositoryId !== this.source.id;
  }

  get maintainerCanModify(): boolean {
    return this.record.maintainerCanModify;
  }

  get isInMergeQueue(): boolean {
    return this.record.queued;
  }

  get isMergeQueueEnabled(): boolean {
    return rulesFor(this.source, this.baseRefName).some(({ mergeQueue }) => mergeQueue);
  }

  commits(args: PageArgs): Connection<object> {
    const nodes = commitsOf(this.source, this.record).map((oid) => ({
      __typename: "PullRequestCommit",
      id: nodeId("PullRequestCommit", [this.source.id, this.number, oid]),
      commit: () => this.graph.make.object(this.source, oid),
      url: htmlUrl(this.graph.world, this.source, `/pull/${this.number}/commits/${oid}`),
    }));
    return connection(nodes, args);
  }

  files(args: PageArgs): Connection<object> | null {
    const changes = this.#changes;
    return changes.length > MOST_COMPARED ? null : connection(changes.slice(0, MOST_LISTED), args);
  }

  get changedFiles(): number {
    const { length } = this.#changes;
    return length > MOST_COMPARED ? 0 : length;
  }

  get additions(): number {
    return this.#changes.reduce((sum, { additions }) => sum + additions, 0);
  }

  get deletions(): number {
    return this.#changes.reduce((sum, { deletions }) => sum + deletions, 0);
  }

  get reviewDecision(): string | null {
    return reviewDecision(this.source, this.record);
  }

  latestOpinionatedReviews({
    writersOnly,
    ...args
  }: PageArgs & { readonly writersOnly?: boolean | null }): Connection<object> {
    const all = opinions(this.source, this.number);
    return connection(
      this.#reviews(writersOnly === true ? all.filter((review) => this.#mayWrite(review)) : all),
      args,
    );
  }

  latestReviews(args: PageArgs): Connection<object> {
    return connection(this.#reviews(opinions(this.source, this.number)), args);
  }

  reviews({
    states,
    ...args
  }: PageArgs & { readonly states?: readonly string[] | null }): Connection<object> {
    const all = [...this.source.reviews.values()].filter(({ number }) => number === this.number);
    return connection(this.#reviews(all.filter(({ state }) => states?.includes(state) ?? true)), args);
  }

  reviewRequests(args: PageArgs): Connection<object> {
    const people = this.record.reviewers.map((account) => ({
      key: String(account.id),
      reviewer: () => this.graph.make.actor(account),
    }));
    const teams = this.record.teams.map((slug) => ({
      key: slug,
      reviewer: () => ({ __typename: "Team", id: nodeId("Team", [slug]), slug, name: slug }),
    }));
    const nodes = [...people, ...teams].map(({ key, reviewer }) => ({
      __typename: "ReviewRequest",
      id: nodeId("ReviewRequest", [this.source.id, this.number, key]),
      asCodeOwner: false,
      requestedReviewer: reviewer,
      pullRequest: () => this,
    }));
    return connection(nodes, args);
  }

  autoMergeRequest(): object | null {
    const { autoMerge } = this.record;
    if (autoMerge === undefined) return null;
    return {
      __typename: "AutoMergeRequest",
      mergeMethod: autoMerge.method.toUpperCase(),
      enabledAt: autoMerge.at,
      enabledBy: () => this.graph.make.actor(autoMerge.by),
      commitHeadline: autoMerge.headline ?? null,
      commitBody: autoMerge.message ?? null,
      authorEmail: null,
      pullRequest: () => this,
    };
  }

  /** Its comments, what became of its labels, and its last closing while it is closed. */
  timelineItems({
    itemTypes,
    ...args
  }: PageArgs & { readonly itemTypes?: readonly string[] | null }): Connection<object> {
    const items = (itemTypes ?? ["all"]).flatMap((type) => this.#timeline(type));
    const inOrder = items.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.order - b.order);
    return connection(
      inOrder.flatMap(({ node }) => node() ?? []),
      args,
    );
  }

  #timeline(type: string): readonly TimelineItem[] {
    switch (type) {
      case "ISSUE_COMMENT": {
        const own = [...this.source.comments.values()].filter(({ number }) => number === this.number);
        return own.map(({ id, createdAt }) => ({
          ...{ at: createdAt, order: id },
          node: () => this.graph.make.comment(this.source, id),
        }));
      }
      case "CLOSED_EVENT":
        return this.#closing();
      case "BASE_REF_DELETED_EVENT":
        return this.#ofBase("BaseRefDeletedEvent", this.record.baseDeletedAt);
      case "BASE_REF_FORCE_PUSHED_EVENT":
        return this.#ofBase("BaseRefForcePushedEvent", this.record.baseForcedAt);
      case "LABELED_EVENT":
        return this.#labelling("labeled");
      case "UNLABELED_EVENT":
        return this.#labelling("unlabeled");
      default:
        throw unprocessable(`timelineItems of ${type} are not modelled`);
    }
  }

  #closing(): readonly TimelineItem[] {
    const { closedAt, closedBy } = this.record;
    if (!closedAt || !closedBy) return [];
    const id = nodeId("ClosedEvent", [this.source.id, this.number, closedAt.getTime()]);
    const actor = () => this.graph.make.actor(closedBy);
    const node = () => ({ __typename: "ClosedEvent", id, createdAt: closedAt, actor });
    return [{ at: closedAt, order: Number.POSITIVE_INFINITY, node }];
  }

  #ofBase(
    __typename: "BaseRefDeletedEvent" | "BaseRefForcePushedEvent",
    at: Date | undefined,
  ): readonly TimelineItem[] {
    if (!at) return [];
    const id = nodeId(__typename, [this.source.id, this.number, at.getTime()]);
    return [{ at, order: Number.POSITIVE_INFINITY, node: () => ({ __typename, id, createdAt: at }) }];
  }

  #labelling(action: LabelEvent["action"]): readonly TimelineItem[] {
    const events = [...this.source.labelEvents.values()].filter(
      (event) => event.number === this.number && event.action === action,
    );
    const __typename = action === "labeled" ? "LabeledEvent" : "UnlabeledEvent";
    return events.map(({ id, label, actor, createdAt }) => ({
      ...{ at: createdAt, order: id },
      node: () => ({
        __typename,
        id: nodeId(__typename, [this.source.id, id]),
        createdAt,
        label: { __typename: "Label", ...label },
        actor: () => this.graph.make.actor(actor),
      }),
    }));
  }

  statusCheckRollup(): object | null {
    return this.graph.make.rollup(this.source, this.headRefOid);
  }

  get #headRepository(): Repository | undefined {
    const { repositoryId } = this.record.head;
    if (repositoryId === this.source.id) return this.source;
    const fork = this.graph.world.repositories.get(repositoryId);
    return fork && this.graph.read(fork);
  }

  get #changes(): readonly { path: string; additions: number; deletions: number; changeType: string }[] {
    const { objects } = this.source;
    const base = mergeBase(objects, this.record.base.oid, this.record.head.oid) ?? this.record.base.oid;
    const [from, to] = [objects.mustCommit(base).tree, objects.mustCommit(this.record.head.oid).tree];
    return changesBetween(objects, from, to).map((change) => ({
      path: change.path,
      ...countLines(objects, change),
      changeType: change.before === undefined ? "ADDED" : change.after === undefined ? "DELETED" : "MODIFIED",
    }));
  }

  #mayWrite({ author }: Review): boolean {
    const level = this.source.permissions.get(author.login.toLowerCase());
    return (
      level === "write" || level === "maintain" || level === "admin" || author.id === this.source.owner.id
    );
  }

  #reviews(reviews: readonly Review[]): object[] {
    return reviews.flatMap(({ id }) => this.graph.make.review(this.source, id) ?? []);
  }
}
