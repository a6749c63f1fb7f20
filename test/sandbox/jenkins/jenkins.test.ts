import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Jenkins, type JenkinsOptions, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { shellStep } from "../../../src/sandbox/jenkins/shell-step.ts";
import { pick } from "../../../src/sandbox/jenkins/tree.ts";

let jenkins: Jenkins;
afterEach(() => jenkins.stop());

async function start(options: Partial<JenkinsOptions> = {}): Promise<void> {
  jenkins = await startJenkins({
    users: [
      { name: "bot", token: "token", password: "password" },
      { name: "reader", token: "reader", mayBuild: false },
      { name: "blind", token: "blind", mayRead: false },
    ],
    jobs: [
      { name: "deploy", parameters: { ID: "", COLOUR: "blue" } },
      { name: "a/b c/deploy", parameters: { ID: "" } },
      { name: "plain" },
      { name: "disabled", parameters: {}, disabled: true },
    ],
    ...options,
  });
}

interface Ask {
  readonly user?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(line: string, { user = "bot:token", body, headers = {} }: Ask = {}): Promise<Response> {
  const [method = "GET", path = "/"] = line.split(" ");
  const authorization = `Basic ${Buffer.from(user).toString("base64")}`;
  return fetch(`${jenkins.url}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(user === "" ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

const build = "POST /job/deploy/buildWithParameters";

/** The queue hands an item on in a timer, so that a build begins some time after the answer to its request. */
async function begun(number = 1): Promise<void> {
  while (jenkins.controller.build("deploy", number) === undefined) await pause(5);
}

describe("status codes", () => {
  it.each([
    ["201 to a build asked for with a token", build, {}, 201],
    ["201 below folders", "POST /job/a/job/b%20c/job/deploy/buildWithParameters", {}, 201],
    ["403 to nobody, who is not asked for credentials", build, { user: "" }, 403],
    ["401 to wrong credentials", build, { user: "bot:wrong" }, 401],
    ["403 to a password without a crumb", build, { user: "bot:password" }, 403],
    ["200 to a password that only reads", "GET /job/deploy/api/json", { user: "bot:password" }, 200],
    ["403 to one who may only read", build, { user: "reader:reader" }, 403],
    ["404 to one who may not see the job", build, { user: "blind:blind" }, 404],
    ["404 to a job that is not there", "POST /job/nowhere/buildWithParameters", {}, 404],
    ["400 to a job without parameters", "POST /job/plain/buildWithParameters", {}, 400],
    ["409 to a disabled job", "POST /job/disabled/buildWithParameters", {}, 409],
    ["405 to a GET", "GET /job/deploy/buildWithParameters", {}, 405],
    ["404 to a build that is not there", "GET /job/deploy/7/api/json", {}, 404],
    ["404 to a queue item that is not there", "GET /queue/item/7/api/json", {}, 404],
    ["501 to what is not modelled", "POST /job/deploy/build", {}, 501],
  ])("%s", async (...[, line, how, status]) => {
    await start();
    expect((await ask(line, how)).status).toBe(status);
  });

  it("lets a password through with its crumb", async () => {
    await start();
    const answer = await ask("GET /crumbIssuer/api/json", { user: "bot:password" });
    const issued: unknown = await answer.json();
    expect(issued).toMatchObject({ crumbRequestField: "Jenkins-Crumb", crumb: expect.any(String) });
    const crumb = String(Reflect.get(Object(issued), "crumb"));
    const how = { user: "bot:password", headers: { "jenkins-crumb": crumb } };
    expect((await ask(build, how)).status).toBe(201);
  });
});

describe("the queue", () => {
  it("names the item in Location, which becomes a build with declared parameters only", async () => {
    await start();
    const { headers } = await ask(build, { body: "ID=1&UNDECLARED=x" });
    expect(headers.get("location")).toBe(`${jenkins.url}/queue/item/1/`);
    await begun();
    expect(await (await ask("GET /queue/item/1/api/json")).json()).toMatchObject({
      _class: "hudson.model.Queue$LeftItem",
      cancelled: false,
      executable: { number: 1, url: `${jenkins.jobUrl("deploy")}/1/` },
    });
    expect(jenkins.controller.build("deploy", 1)?.parameters).toEqual(
      new Map([
        ["ID", "1"],
        ["COLOUR", "blue"],
      ]),
    );
  });

  it("keeps of each parameter what its kind keeps, and does not show a password", async () => {
    const parameters = { TEXT: "", SWITCH: "true", SECRET: "", ARCHIVE: "" };
    const kinds = { TEXT: "Text", SWITCH: "Boolean", SECRET: "Password", ARCHIVE: "File" } as const;
    await start({ jobs: [{ name: "deploy", parameters, kinds }] });
    await ask(build, { body: "TEXT=a&SWITCH=b&SECRET=c&ARCHIVE=d" });
    await begun();
    const tree = "actions[parameters[name,value]]";
    expect(await (await ask(`GET /job/deploy/1/api/json?tree=${tree}`)).json()).toMatchObject({
      actions: [
        {},
        {
          parameters: [
            { _class: "hudson.model.TextParameterValue", name: "TEXT", value: "a" },
            { _class: "hudson.model.BooleanParameterValue", name: "SWITCH", value: false },
            { _class: "hudson.model.PasswordParameterValue", name: "SECRET" },
          ],
        },
      ],
    });
  });

  it("gives its ids out again after a crash, and counts builds from 1 in a job made anew", async () => {
    await start();
    await ask(build);
    await begun();
    jenkins.controller.crash();
    jenkins.controller.remove("deploy");
    expect((await ask("GET /job/deploy/api/json")).status).toBe(404);
    jenkins.controller.define({ name: "deploy", parameters: { ID: "" } });
    expect(jenkins.controller.nextBuildNumber("deploy")).toBe(1);
    const { headers } = await ask(build);
    expect(headers.get("location")).toBe(`${jenkins.url}/queue/item/1/`);
  });

  it("answers to a branch's name and to its job's name below a multibranch pipeline, and below its own path", async () => {
    const name = "app/feature%2Fx";
    await start({ jobs: [{ name, parameters: {} }], contextPath: "/ci" });
    expect(jenkins.jobUrl(name)).toBe(`${jenkins.url}/job/app/job/feature%252Fx`);
    for (const branch of ["feature%252Fx", "feature%2Fx"])
      expect((await ask(`GET /job/app/job/${branch}/api/json`)).status).toBe(200);
    expect((await fetch(new URL("/job/app/api/json", jenkins.url))).status).toBe(404);
  });

  it("takes equal requests in as one during the quiet period, and unequal ones as two", async () => {
    await start({ quietMs: 60_000 });
    const locations: (string | null)[] = [];
    for (const body of ["ID=1", "ID=1", "ID=2"])
      locations.push((await ask(build, { body })).headers.get("location"));
    expect(locations.map((location) => location?.split("/").at(-2))).toEqual(["1", "1", "2"]);
    expect(await (await ask("GET /queue/api/json?tree=items[id,url]")).json()).toEqual({
      _class: "hudson.model.Queue",
      items: [
        { _class: "hudson.model.Queue$WaitingItem", id: 1, url: "queue/item/1/" },
        { _class: "hudson.model.Queue$WaitingItem", id: 2, url: "queue/item/2/" },
      ],
    });
  });

  it("forgets an item some time after it left", async () => {
    await start({ keepItemsMs: 30 });
    await ask(build);
    while ((await ask("GET /queue/item/1/api/json")).status === 200) await pause(5);
    expect(jenkins.controller.build("deploy", 1)).toBeDefined();
    expect((await ask("GET /queue/item/1/api/json")).status).toBe(404);
  });

  it("keeps a build back while another one of the job runs, where the job says so", async () => {
    await start({ jobs: [{ name: "deploy", parameters: { ID: "" }, oneAtATime: true }] });
    await ask(build, { body: "ID=1" });
    await ask(build, { body: "ID=2" });
    await begun();
    await pause(10);
    expect(jenkins.controller.builds("deploy").map(({ number }) => number)).toEqual([1]);
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    expect(jenkins.controller.builds("deploy").map(({ number }) => number)).toEqual([2, 1]);
  });
});

describe("a build", () => {
  it.each([
    ["exit 0", "SUCCESS"],
    ["exit 3", "FAILURE"],
  ])("really runs its shell step: %s", async (command, result) => {
    const run = shellStep({ command: "sh", arguments: ["-c", `echo "id $ID"; ${command}`], cwd: "/" });
    await start({ jobs: [{ name: "deploy", parameters: { ID: "" }, run }] });
    await ask(build, { body: "ID=42" });
    for (let left = 100; left > 0 && jenkins.controller.build("deploy", 1)?.result == null; left -= 1)
      await pause(10);
    expect(await (await ask("GET /job/deploy/1/api/json?tree=result,building")).json()).toMatchObject({
      result,
      building: false,
    });
    expect(await (await ask("GET /job/deploy/1/consoleText")).text()).toBe("id 42\n");
  });

  it("that is aborted takes its shell step down", async () => {
    const run = shellStep({ command: "sleep", arguments: ["60"], cwd: "/" });
    await start({ jobs: [{ name: "deploy", parameters: {}, run }] });
    await ask(build);
    await begun();
    jenkins.controller.abort("deploy", 1);
    expect(jenkins.controller.build("deploy", 1)?.result).toBe("ABORTED");
  });
});

describe("the tree parameter", () => {
  const value = { _class: "c", a: 1, b: [{ x: 1, y: 2 }, { x: 3 }, { x: 4 }], d: { e: { f: 1 }, g: 2 } };
  it.each([
    ["a", { _class: "c", a: 1 }],
    ["b[x]{0,2}", { _class: "c", b: [{ x: 1 }, { x: 3 }] }],
    ["b[y]{1,}", { _class: "c", b: [{}, {}] }],
    ["d[e[f]],a", { _class: "c", a: 1, d: { e: { f: 1 } } }],
    ["*", value],
  ])("%s", async (tree, expected) => {
    await start();
    expect(pick(value, tree)).toEqual(expected);
  });

  it.each(["", "a[", "a]", "a,,b", "a[b"])("that is malformed (%j) is not taken", async (tree) => {
    await start();
    expect(() => pick(value, tree)).toThrow(/tree parameter/);
  });
});

describe("the address", () => {
  it("goes down and comes up again with everything kept", async () => {
    await start({ quietMs: 60_000 });
    await ask(build);
    await jenkins.down();
    await expect(ask(build)).rejects.toThrow();
    await jenkins.up();
    expect((await ask("GET /queue/item/1/api/json")).status).toBe(200);
  });
});
