{{- define "chart-promoter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "chart-promoter.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else -}}
{{- $name := include "chart-promoter.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 63 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "chart-promoter.selector" -}}
app.kubernetes.io/name: {{ include "chart-promoter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "chart-promoter.labels" -}}
{{ include "chart-promoter.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "chart-promoter.serviceAccount" -}}
{{- default (ternary (include "chart-promoter.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "chart-promoter.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end }}
{{- end }}

{{- define "chart-promoter.claim" -}}
{{- default (include "chart-promoter.fullname" .) .Values.persistence.existingClaim }}
{{- end }}

{{- /* Numbers of a values file are floats: 1234567 would be written as 1.234567e+06. */}}
{{- define "chart-promoter.appId" -}}
{{- $id := required "github.appId is the App ID shown on the page of the GitHub App" .Values.github.appId -}}
{{- kindIs "string" $id | ternary $id (int64 $id) }}
{{- end }}
