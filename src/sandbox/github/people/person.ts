// A person on the offline GitHub: actions by git, on the web pages and in settings.

import { demandWriter } from "../http/access.ts";
import { addComment, deleteComment, editComment, mustComment } from "../world/comments.ts";
import { authorOf, githubSignature, personalSignature } from "../world/identities.ts";
import { editIssue, lock, openIssue } from "../world/issues.ts";
import { ensureLabel, setLabels } from "../world/labels.ts";
import { type MergeRequest, mergePullRequest } from "../world/pull-requests/merge.ts";
import { dropGroup, enqueue, type MergeGroup, mergeGroup } from "../world/pull-requests/merge-queue.ts";
import { mergeCommits } from "../world/pull-requests/mergeability.ts";
import { editPullRequest, setDraft } from "../world/pull-requests/pull-request-edits.ts";
import {
  closePullRequest,
  openPullRequest,
  reopenPullRequest,
} from "../world/pull-requests/pull-requests.ts";
import { dismissReview, submitReview } from "../world/pull-requests/reviews.ts";
import { updateBranch } from "../world/pull-requests/update-branch.ts";
import type { Account, MergeMethod, ReviewState } from "../world/records.ts";
import { deleteRef, moveRef } from "../world/repositories/branches.ts";
import { rerequest } from "../world/repositories/checks.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { type FilesGiven, writeTree } from "./files.ts";

export interface PersonalPush {
  readonly branch: string;
  readonly files: FilesGiven;
  readonly message?: string;
  /** A commit's author is arbitrary; default: the person. */
  readonly author?: { readonly name: string; readonly email: string };
  /** `self`: with a key registered at GitHub. `GitHub`: as commits of its web pages and API. */
  readonly signedBy?: "self" | "GitHub";
  /** Parent branch or commit of the new commit; default: the branch itself, or the default branch for a new one. */
  readonly on?: string;
  readonly force?: boolean;
  /** Branch or commit that is merged, without conflicts, before the files are written. */
  readonly merging?: string;
  /** Commit whose tree is used instead of that of `on`. */
  readonly treeOf?: string;
}

export interface PullRequestOpening {
  readonly head: string;
  readonly base?: string;
  readonly title: string;
  readonly body?: string;
  readonly draft?: boolean;
}

/** Runs an action in a repository: saves its state before (for stale reads), and triggers auto-merge afterwards. */
export type Acting = <T>(repository: string, act: (repository: Repository) => T) => T;

export class Person {
  readonly account: Account;
  readonly #world: World;
  readonly #in: Acting;

  constructor(world: World, account: Account, acting: Acting) {
    this.#world = world;
    this.account = account;
    this.#in = acting;
  }

  /** Pushes one commit to a branch; returns its id. */
  push(repository: string, push: PersonalPush): string {
    return this.#in(repository, (found) => {
      const on = found.resolve(push.on ?? push.branch) ?? found.branch(found.defaultBranch);
      const merged = push.merging === undefined ? undefined : found.resolve(push.merging);
      const committer = authorOf(this.account, this.#world.now());
      const author = { ...committer, ...push.author };
      const oid = found.objects.addCommit({
        tree: writeTree(found.objects, startingTree(found, { on, merged, treeOf: push.treeOf }), push.files),
        parents: [on, merged].filter((parent) => parent !== undefined),
        ...{ author, committer },
        ...(push.signedBy && {
          signature: push.signedBy === "GitHub" ? githubSignature() : personalSignature(this.account),
        }),
        message: push.message ?? `Change ${Object.keys(push.files).join(", ")}`,
      });
      this.#move(found, { branch: push.branch, to: oid, force: push.force === true });
      return oid;
    });
  }

  /** `git push origin <commit>:refs/heads/<branch>`. */
  pushCommit(
    repository: string,
    { branch, to, force }: { branch: string; to: string; force?: boolean },
  ): void {
    this.#in(repository, (found) => this.#move(found, { branch, to, force: force === true }));
  }

  /** `git merge --no-ff` of a branch on the person's own machine, then a push of the base. */
  mergeLocallyAndPush(repository: string, { branch, into }: { branch: string; into?: string }): string {
    return this.#in(repository, (found) => {
      const base = into ?? found.defaultBranch;
      const [ours, theirs] = [found.branch(base), found.branch(branch)];
      if (ours === undefined || theirs === undefined) throw new Error(`no branch ${base} or ${branch}`);
      const merged = mergeCommits(found, ours, theirs);
      if (merged.kind === "conflict") throw new Error(`conflict in ${merged.paths.join(", ")}`);
      const author = authorOf(this.account, this.#world.now());
      const message = `Merge branch '${branch}'`;
      const oid = found.objects.addCommit({
        tree: merged.tree,
        parents: [ours, theirs],
        author,
        committer: author,
        message,
      });
      this.#move(found, { branch: base, to: oid, force: false });
      return oid;
    });
  }

  /** Presses "Update branch": GitHub merges the base into the head. */
  updateBranch(repository: string, number: number): string {
    return this.#in(repository, (found) => updateBranch(this.#world, found, { number, actor: this.account }));
  }

  deleteBranch(repository: string, branch: string): void {
    this.#in(repository, (found) =>
      deleteRef(this.#world, found, { ref: `refs/heads/${branch}`, actor: this.account }),
    );
  }

  /** Returns the number. A head in a fork is `owner:branch`. */
  openPullRequest(repository: string, { head, base, title, body, draft }: PullRequestOpening): number {
    return this.#in(repository, (found) => {
      const opening = {
        head,
        base: base ?? found.defaultBranch,
        title,
        body: body ?? "",
        draft: draft === true,
      };
      return openPullRequest(this.#world, found, {
        ...opening,
        maintainerCanModify: true,
        actor: this.account,
      }).number;
    });
  }

  editPullRequest(
    repository: string,
    number: number,
    edit: { title?: string; body?: string; base?: string },
  ): void {
    this.#in(repository, (found) =>
      editPullRequest(this.#world, found, { number, actor: this.account, ...edit }),
    );
  }

  setDraft(repository: string, number: number, state: "draft" | "ready"): void {
    const draft = state === "draft";
    this.#in(repository, (found) => setDraft(this.#world, found, { number, actor: this.account, draft }));
  }

  close(repository: string, number: number): void {
    this.#in(repository, (found) => {
      const act = { number, actor: this.account };
      if (found.pull(number) === undefined) editIssue(this.#world, found, { ...act, state: "closed" });
      else closePullRequest(this.#world, found, act);
    });
  }

  /** Locks the conversation. */
  lock(repository: string, number: number): void {
    this.#in(repository, (found) => lock(this.#world, found, { number, actor: this.account }));
  }

  reopen(repository: string, number: number): void {
    this.#in(repository, (found) => {
      const act = { number, actor: this.account };
      if (found.pull(number) === undefined) editIssue(this.#world, found, { ...act, state: "open" });
      else reopenPullRequest(this.#world, found, act);
    });
  }

  /** Presses the merge button; returns the merge commit. */
  merge(
    repository: string,
    number: number,
    {
      method = "merge",
      ...how
    }: { method?: MergeMethod } & Pick<MergeRequest, "headline" | "message" | "asAdministrator"> = {},
  ): string {
    return this.#in(repository, (found) =>
      mergePullRequest(this.#world, found, { number, method, actor: this.account, ...how }),
    );
  }

  /** Puts pull requests into the merge queue as one group; finish it with `mergeGroup` or `dropGroup`. */
  mergeQueue(repository: string, numbers: readonly number[], method: MergeMethod = "merge"): MergeGroup {
    return this.#in(repository, (found) =>
      enqueue(this.#world, found, { numbers, method, actor: this.account }),
    );
  }

  mergeGroup(repository: string, group: MergeGroup): void {
    this.#in(repository, (found) => mergeGroup(this.#world, found, { group, actor: this.account }));
  }

  dropGroup(repository: string, group: MergeGroup): void {
    this.#in(repository, (found) => dropGroup(this.#world, found, { group, actor: this.account }));
  }

  /** Returns the review's id. */
  review(
    repository: string,
    number: number,
    { state, body = "" }: { readonly state: Exclude<ReviewState, "DISMISSED">; readonly body?: string },
  ): number {
    const { account: actor } = this;
    return this.#in(
      repository,
      (found) => submitReview(this.#world, found, { number, state, body, actor }).id,
    );
  }

  approve(repository: string, number: number): number {
    return this.review(repository, number, { state: "APPROVED" });
  }

  dismissReview(repository: string, id: number): void {
    this.#in(repository, (found) => dismissReview(this.#world, found, { id, actor: this.account }));
  }

  /** Returns the comment's id. */
  comment(repository: string, number: number, body: string): number {
    return this.#in(
      repository,
      (found) => addComment(this.#world, found, { number, body, actor: this.account }).id,
    );
  }

  /** A person's own comment; with write access anybody's. */
  editComment(repository: string, id: number, body: string): void {
    this.#in(repository, (found) => {
      const isOwn = mustComment(found, id).author.id === this.account.id;
      if (!isOwn) demandWriter({ kind: "person", login: this.account.login }, found);
      editComment(this.#world, found, { id, body, actor: this.account });
    });
  }

  deleteComment(repository: string, id: number): void {
    this.#in(repository, (found) => deleteComment(this.#world, found, { id, actor: this.account }));
  }

  /** Its comments stay, without an author. */
  deleteAccount(): void {
    this.#world.accounts.delete(this.account.login.toLowerCase());
  }

  openIssue(repository: string, { title, body }: { title: string; body?: string }): number {
    return this.#in(repository, (found) => {
      const opening = { title, body: body ?? "", labels: [], actor: this.account };
      return openIssue(this.#world, found, opening).number;
    });
  }

  editIssue(repository: string, number: number, edit: { title?: string; body?: string }): void {
    this.#in(repository, (found) => editIssue(this.#world, found, { number, actor: this.account, ...edit }));
  }

  /** Ticks the box in the first line that contains this text. */
  tick(repository: string, number: number, line: string): void {
    this.#in(repository, (found) => {
      const lines = found.mustThread(number).body.split("\n");
      const at = lines.findIndex((one) => one.startsWith("- [ ] ") && one.includes(line));
      if (at < 0) throw new Error(`no box says ${line}`);
      const body = lines.with(at, lines[at]?.replace("[ ]", "[x]") ?? "").join("\n");
      editIssue(this.#world, found, { number, actor: this.account, body });
    });
  }

  label(repository: string, number: number, name: string): void {
    this.#in(repository, (found) => {
      const { id } = ensureLabel(this.#world, found, { name });
      const labels = [...found.mustThread(number).labels, id];
      setLabels(this.#world, found, { number, actor: this.account, labels });
    });
  }

  unlabel(repository: string, number: number, name: string): void {
    this.#in(repository, (found) => {
      const labels = found.mustThread(number).labels.filter((id) => id !== found.label(name)?.id);
      setLabels(this.#world, found, { number, actor: this.account, labels });
    });
  }

  /** Presses "Re-run" on one check run, or on all checks of a commit. */
  rerunChecks(
    repository: string,
    what: { readonly checkRunId: number } | { readonly headOid: string },
  ): void {
    this.#in(repository, (found) => rerequest(this.#world, found, { actor: this.account, ...what }));
  }

  #move(repository: Repository, { branch, to, force }: { branch: string; to: string; force: boolean }): void {
    moveRef(this.#world, repository, { ref: `refs/heads/${branch}`, to, actor: this.account, force });
  }
}

interface Starting {
  readonly on: string | undefined;
  readonly merged: string | undefined;
  readonly treeOf: string | undefined;
}

/** The tree that a push's files are written over. */
function startingTree(repository: Repository, { on, merged, treeOf }: Starting): string | undefined {
  if (treeOf !== undefined) return repository.objects.mustCommit(treeOf).tree;
  if (on === undefined || merged === undefined)
    return on === undefined ? undefined : repository.objects.mustCommit(on).tree;
  const tree = mergeCommits(repository, on, merged);
  if (tree.kind === "conflict") throw new Error(`conflict in ${tree.paths.join(", ")}`);
  return tree.tree;
}
