// Routes for Git data, refs and contents.

import { compare, getCommit, getContents, listCommits, pullsOfCommit } from "./contents.ts";
import { getBlob, getGitCommit, getTree, postBlob, postCommit, postTree } from "./git-data.ts";
import { getBranch, getRef, listActivity, matchingRefs, patchRef, postRef, removeRef } from "./refs.ts";
import { repositoryRoutes } from "./route.ts";

const READ = [["contents", "read"]] as const;
const WRITE = [["contents", "write"]] as const;

export const gitRoutes = repositoryRoutes([
  { method: "GET", path: "/git/blobs/:sha", needs: READ, handle: getBlob },
  { method: "POST", path: "/git/blobs", needs: WRITE, handle: postBlob },
  { method: "GET", path: "/git/trees/:sha", needs: READ, handle: getTree },
  { method: "POST", path: "/git/trees", needs: WRITE, handle: postTree },
  { method: "GET", path: "/git/commits/:sha", needs: READ, handle: getGitCommit },
  { method: "POST", path: "/git/commits", needs: WRITE, handle: postCommit },
  { method: "GET", path: "/git/ref/*ref", needs: READ, handle: getRef },
  { method: "GET", path: "/git/matching-refs/*ref", needs: READ, handle: matchingRefs },
  { method: "POST", path: "/git/refs", needs: WRITE, handle: postRef },
  { method: "PATCH", path: "/git/refs/*ref", needs: WRITE, handle: patchRef },
  { method: "DELETE", path: "/git/refs/*ref", needs: WRITE, handle: removeRef },
  { method: "GET", path: "/activity", needs: READ, handle: listActivity },
  { method: "GET", path: "/branches/*branch", needs: READ, handle: getBranch },
  { method: "GET", path: "/contents/*path", needs: READ, handle: getContents },
  { method: "GET", path: "/compare/*basehead", needs: READ, handle: compare },
  { method: "GET", path: "/commits", needs: READ, handle: listCommits },
  { method: "GET", path: "/commits/:sha/pulls", needs: READ, handle: pullsOfCommit },
  { method: "GET", path: "/commits/*ref", needs: READ, handle: getCommit },
]);
