import { expect, test } from "@jest/globals";
import { foldersBefore } from "../../../src/domain/config/environment-row.ts";

test.each<readonly [what: string, folders: readonly string[], before: Readonly<Record<string, string>>]>([
  ["three in a row", ["dev", "staging", "prod"], { staging: "dev", prod: "staging" }],
  ["whatever their order and case", ["Production", "DEV"], { Production: "DEV" }],
  ["nothing between", ["dev", "prod"], { prod: "dev" }],
  [
    "a row for each region",
    ["eu/dev", "us/dev", "eu/prod", "us/prod"],
    { "eu/prod": "eu/dev", "us/prod": "us/dev" },
  ],
  ["in the names of folders", ["shop-dev", "shop-prod", "blog-dev"], { "shop-prod": "shop-dev" }],
  ["one dev for all regions", ["dev", "prod/eu", "prod/us"], { "prod/eu": "dev", "prod/us": "dev" }],
  ["below a common folder", ["envs/test", "envs/live"], { "envs/live": "envs/test" }],
  ["two that could come before: neither", ["qa", "test", "prod"], {}],
  ["a stage that nothing comes before", ["prod"], {}],
  ["words within words are none", ["device", "products"], {}],
  ["of two stages at once nothing is known", ["dev/prod-like", "prod"], {}],
  ["the root and other names", ["", "main", "blue"], {}],
])("environments in a row: %s", (_, folders, before) => {
  expect(Object.fromEntries(foldersBefore(folders))).toEqual(before);
});
