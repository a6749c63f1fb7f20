import { expect, test } from "@jest/globals";
import { gitHubAt } from "../../src/settings/github-hosts.ts";

test.each([
  ["github.com", "https", "https://api.github.com", "https://github.com"],
  ["octocorp.ghe.com", "https", "https://api.octocorp.ghe.com", "https://octocorp.ghe.com"],
  ["OctoCorp.GHE.com", "https", "https://api.octocorp.ghe.com", "https://octocorp.ghe.com"],
  ["github.example.com", "https", "https://github.example.com/api/v3", "https://github.example.com"],
  ["ghe.com.example.com", "https", "https://ghe.com.example.com/api/v3", "https://ghe.com.example.com"],
  ["127.0.0.1:8080", "http", "http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080"],
])("%s over %s has its API at %s", (...[host, protocol, githubApi, githubWeb]) => {
  expect(gitHubAt(host, protocol)).toEqual({ githubApi, githubWeb });
});

test("without a host it is github.com", () => {
  expect(gitHubAt().githubApi).toBe("https://api.github.com");
});
