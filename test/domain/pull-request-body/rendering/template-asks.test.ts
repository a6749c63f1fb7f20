// What templates ask the cluster, and which of it is known.

import { describe, expect, test } from "@jest/globals";
import {
  groupVersion,
  sortVersions,
  templateAsks,
} from "../../../../src/domain/pull-request-body/rendering/template-asks.ts";

describe("templates ask for", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "a group and version",
      '{{ if .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}',
      ["monitoring.coreos.com/v1"],
    ],
    [
      "a kind of it",
      "{{ .Capabilities.APIVersions.Has `policy/v1/PodDisruptionBudget` }}",
      ["policy/v1/PodDisruptionBudget"],
    ],
    ["the core group", '{{ $.Capabilities.APIVersions.Has ("v1") }}', ["v1"]],
    [
      "several, each once and sorted",
      '{{ or (.Capabilities.APIVersions.Has "b.example.com/v1beta1") (.Capabilities.APIVersions.Has "a.example.com/v1") (.Capabilities.APIVersions.Has "a.example.com/v1") }}',
      ["a.example.com/v1", "b.example.com/v1beta1"],
    ],
    ["nothing that is no API version", '{{ .Capabilities.APIVersions.Has "hello" }}', []],
    [
      "nothing that is only known when it runs",
      '{{ .Capabilities.APIVersions.Has (printf "%s/v1" .Values.group) }}',
      [],
    ],
  ])("%s", (_, template, apiVersions) => {
    expect(templateAsks([template])).toEqual({ apiVersions, kubeVersion: false, lookups: false });
  });

  test.each<[string, string, boolean, boolean]>([
    ["the Kubernetes version", "{{ .Capabilities.KubeVersion.Version }}", true, false],
    ["the Kubernetes version by its old name", "{{ .Capabilities.KubeVersion.GitVersion }}", true, false],
    [
      "the Kubernetes version by a helper of Bitnami's",
      '{{ include "common.capabilities.kubeVersion" . }}{{ default .Capabilities.KubeVersion }}',
      true,
      false,
    ],
    ["what is in the cluster", '{{ lookup "v1" "Secret" .Release.Namespace "db" }}', false, true],
    ["what is in the cluster by a variable", "{{ (lookup $version $kind $ns $name).data }}", false, true],
    ["neither", "kind: ConfigMap\ndata: { lookup: table }\n", false, false],
  ])("%s", (_, template, ...[kubeVersion, lookups]) => {
    expect(templateAsks([template])).toEqual({ apiVersions: [], kubeVersion, lookups });
  });
});

describe("what is asked for", () => {
  test.each<[string, readonly string[], readonly string[], readonly string[], readonly string[]]>([
    ["is not known of a foreign API", ["a.example.com/v1"], [], [], ["a.example.com/v1"]],
    ["is there when it is stated", ["a.example.com/v1"], ["a.example.com/v1"], ["a.example.com/v1"], []],
    [
      "is there with every kind of a stated version",
      ["a.example.com/v1/Thing"],
      ["a.example.com/v1"],
      ["a.example.com/v1", "a.example.com/v1/Thing"],
      [],
    ],
    [
      "is there as a version when one of its kinds is stated",
      ["a.example.com/v1"],
      ["a.example.com/v1/Thing"],
      ["a.example.com/v1", "a.example.com/v1/Thing"],
      [],
    ],
    [
      "is not there for another kind than the stated one",
      ["a.example.com/v1/Other"],
      ["a.example.com/v1/Thing"],
      ["a.example.com/v1", "a.example.com/v1/Thing"],
      ["a.example.com/v1/Other"],
    ],
    [
      "is there for Kubernetes' own stable kinds",
      ["policy/v1/PodDisruptionBudget", "networking.k8s.io/v1/Ingress"],
      [],
      ["networking.k8s.io/v1/Ingress", "policy/v1/PodDisruptionBudget"],
      [],
    ],
    ["is left to Helm for Kubernetes' own versions", ["policy/v1beta1", "batch/v1", "v1"], [], [], []],
    [
      "is left to Helm for Kubernetes' own kinds that came and went",
      ["policy/v1beta1/PodSecurityPolicy"],
      [],
      [],
      [],
    ],
    [
      "is foreign for what only looks like Kubernetes",
      ["gateway.networking.k8s.io/v1"],
      [],
      [],
      ["gateway.networking.k8s.io/v1"],
    ],
  ])("%s", (_, expression, ...[stated, known, unstated]) => {
    expect(sortVersions(expression, stated)).toEqual({ stated: known, unstated });
  });

  test.each([
    ["apps/v1/Deployment", "apps/v1"],
    ["apps/v1", "apps/v1"],
    ["v1/Pod", "v1"],
  ])("%s is of %s", (name, version) => {
    expect(groupVersion(name)).toBe(version);
  });
});
