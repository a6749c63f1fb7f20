// What is asked of GitHub for a person who signed in, with that person's own token.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";

export type PersonalPermission = "read" | "write";

export interface PersonalToken {
  readonly token: string;
  /** What another one is had for, once. */
  readonly renewal?: string;
  /** Absent where it does not expire. */
  readonly expiresAt?: Date;
}

/** GitHub answered, and said no: to the `token`, which is void, or to this request. */
export class PersonRefused extends Error {
  readonly what: "token" | "request";

  constructor(message: string, what: "token" | "request") {
    super(message);
    this.what = what;
  }
}

/** Each throws a PersonRefused for a no of GitHub's, and anything else where GitHub cannot be asked. */
export interface People {
  /** Where a browser is sent to; GitHub sends it back to the callback address that the App has registered first. */
  signInUrl(about: { readonly state: string; readonly challenge: string }): string;
  redeem(code: string, verifier: string): Promise<PersonalToken>;
  renew(renewal: string): Promise<PersonalToken>;
  revoke(token: string): Promise<void>;
  login(token: string): Promise<string>;
  /** By GitHub's id of the repository; those that the person may not read are not in it. */
  permissions(
    token: string,
    repositories: readonly ConfigRepository[],
  ): Promise<ReadonlyMap<number, PersonalPermission>>;
  /** As that person, on an issue or a pull request; answers where it is to be read. */
  comment(
    token: string,
    repository: ConfigRepository,
    comment: { readonly number: number; readonly body: string },
  ): Promise<string>;
}
