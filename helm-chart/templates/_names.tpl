{{/*
What all names start with. Release names may hold dots, names of Services may not; 46 characters
leave room for "-operator-metrics" within 63.
*/}}
{{- define "modelweir.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $name = contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) -}}
{{- end -}}
{{- $name | replace "." "-" | trunc 46 | trimSuffix "-" -}}
{{- end }}

{{- define "modelweir.operator.name" -}}
{{ include "modelweir.fullname" . }}-operator
{{- end }}

{{- define "modelweir.operator.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (include "modelweir.operator.name" .) }}
{{- end }}

{{- define "modelweir.progress.name" -}}
{{ include "modelweir.fullname" . }}-progress
{{- end }}

{{/* `true` when training pods can report progress, else empty. */}}
{{- define "modelweir.progress.enabled" -}}
{{- if kindIs "bool" .Values.progress.enabled | ternary .Values.progress.enabled (not .Values.watchNamespaces) -}}
true
{{- end -}}
{{- end }}

{{/* Argument: the address of the MLflow server. Its port, or that of its scheme. */}}
{{- define "modelweir.mlflow.port" -}}
{{- $port := regexFind ":[0-9]+$" (urlParse .).host -}}
{{- $port | trimPrefix ":" | default (hasPrefix "https:" . | ternary "443" "80") -}}
{{- end }}

{{/* Who may follow which registered models, as the operator reads it. */}}
{{- define "modelweir.mlflow.allowedModels" -}}
{{- $entries := list -}}
{{- range $namespace, $names := .Values.mlflow.allowedModels -}}
{{- range $names -}}
{{- $entries = append $entries (printf "%s/%s" $namespace .) -}}
{{- end -}}
{{- end -}}
{{- join "," $entries -}}
{{- end }}

{{- define "modelweir.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: modelweir
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Never changes within a release: the selector of a Deployment is immutable. */}}
{{- define "modelweir.operator.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "modelweir.operator.labels" -}}
{{ include "modelweir.labels" . }}
app.kubernetes.io/component: operator
{{- end }}

{{/* Argument: list of the root context and an image (repository, tag, digest). */}}
{{- define "modelweir.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end }}
