// A person at work on the offline GitHub: what people do by git, by the web pages and by settings.

import { deleteRef, moveRef } from "../world/branches.ts";
import { rerequest } from "../world/checks.ts";
import { addComment, deleteComment, editComment } from "../world/comments.ts";
import { authorOf } from "../world/identities.ts";
import { editIssue, openIssue } from "../world/issues.ts";
import { ensureLabel, setLabels } from "../world/labels.ts";
import { type MergeRequest, mergePullRequest } from "../world/merge.ts";
import { dropGroup, enqueue, type MergeGroup, mergeGroup } from "../world/merge-queue.ts";
import { mergeCommits } from "../world/mergeability.ts";
import { editPullRequest, setDraft } from "../world/pull-request-edits.ts";
import { closePullRequest, openPullRequest, reopenPullRequest } from "../world/pull-requests.ts";
import type { Account, MergeMethod, ReviewState } from "../world/records.ts";
import type { Repository } from "../world/repository.ts";
import { dismissReview, submitReview } from "../world/reviews.ts";
import type { World } from "../world/world.ts";
import { type FilesGiven, writeTree } from "./files.ts";

export interface Push {
  readonly branch: string;
  readonly files: FilesGiven;
  readonly message?: string;
  /** Branch or commit that the new commit stands on; default: the branch itself, or the default branch for a new one. */
  readonly on?: string;
  readonly force?: boolean;
}

export interface PullRequestOpening {
  readonly head: string;
  readonly base?: string;
  readonly title: string;
  readonly body?: string;
  readonly draft?: boolean;
}

/** Runs one act in a repository: its state before is remembered, and auto-merge looks afterwards. */
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

  /** One commit pushed to a branch; answers its id. */
  push(repository: string, push: Push): string {
    return this.#in(repository, (found) => {
      const on = found.resolve(push.on ?? push.branch) ?? found.branch(found.defaultBranch);
      const author = authorOf(this.account, this.#world.now());
      const oid = found.objects.addCommit({
        tree: writeTree(
          found.objects,
          on === undefined ? undefined : found.objects.mustCommit(on).tree,
          push.files,
        ),
        parents: on === undefined ? [] : [on],
        ...{ author, committer: author },
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

  deleteBranch(repository: string, branch: string): void {
    this.#in(repository, (found) =>
      deleteRef(this.#world, found, { ref: `refs/heads/${branch}`, actor: this.account }),
    );
  }

  /** Answers the number. A head in a fork is `owner:branch`. */
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

  reopen(repository: string, number: number): void {
    this.#in(repository, (found) => {
      const act = { number, actor: this.account };
      if (found.pull(number) === undefined) editIssue(this.#world, found, { ...act, state: "open" });
      else reopenPullRequest(this.#world, found, act);
    });
  }

  /** Presses the merge button; answers the commit that the pull request became. */
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

  /** Answers the review's id. */
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

  /** Answers the comment's id. */
  comment(repository: string, number: number, body: string): number {
    return this.#in(
      repository,
      (found) => addComment(this.#world, found, { number, body, actor: this.account }).id,
    );
  }

  editComment(repository: string, id: number, body: string): void {
    this.#in(repository, (found) => editComment(this.#world, found, { id, body, actor: this.account }));
  }

  deleteComment(repository: string, id: number): void {
    this.#in(repository, (found) => deleteComment(this.#world, found, { id, actor: this.account }));
  }

  openIssue(repository: string, { title, body }: { title: string; body?: string }): number {
    return this.#in(repository, (found) => {
      const opening = { title, body: body ?? "", labels: [], actor: this.account };
      return openIssue(this.#world, found, opening).number;
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
