// People, organisations and bots.

import { nodeId } from "../../shapes/node-id.ts";
import type { Account } from "../../world/records.ts";
import type { Graph } from "../graph.ts";

export class ActorNode {
  readonly __typename: Account["type"];
  readonly id: string;
  readonly databaseId: number;
  /** GraphQL gives a bot's login without `[bot]`. */
  readonly login: string;
  readonly name: string | null;
  readonly email = "";
  readonly url: string;
  readonly resourcePath: string;
  readonly createdAt = new Date(0);

  constructor(graph: Graph, { id, login, type }: Account) {
    this.__typename = type;
    this.id = nodeId(type, [id]);
    this.databaseId = id;
    this.login = login.replace(/\[bot\]$/, "");
    this.name = type === "Bot" ? null : login;
    this.resourcePath = type === "Bot" ? `/apps/${this.login}` : `/${login}`;
    this.url = `${graph.world.origin}${this.resourcePath}`;
  }

  avatarUrl(): string {
    return `${this.url}.png`;
  }
}
