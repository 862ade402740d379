{{- define "ops-proxy.labels" -}}
app.kubernetes.io/part-of: ops-proxy
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* By which pods are selected: never changed by an upgrade. */}}
{{- define "ops-proxy.selector" -}}
app.kubernetes.io/name: ops-proxy
app.kubernetes.io/component: operator
{{- if ne .Release.Name "ops-proxy" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- end }}

{{- /* Of what is in the namespace of the release; that of the plain manifests for the usual release. */}}
{{- define "ops-proxy.name" -}}
{{- ternary "ops-proxy-operator" (printf "%s-operator" .Release.Name | trunc 63) (eq .Release.Name "ops-proxy") }}
{{- end }}

{{- /* Of what is in no namespace, so that releases can stand side by side. */}}
{{- define "ops-proxy.cluster-name" -}}
{{- $usual := and (eq .Release.Name "ops-proxy") (eq .Release.Namespace "ops-proxy-system") }}
{{- ternary "ops-proxy-operator" (printf "%s-%s" (include "ops-proxy.name" .) .Release.Namespace) $usual }}
{{- end }}

{{- /* An image by its digest, else by its tag, else by the version of the chart. */}}
{{- define "ops-proxy.image" -}}
{{- if .image.digest }}{{ .image.repository }}@{{ .image.digest }}{{ else }}{{ .image.repository }}:{{ .image.tag | default .version }}{{ end }}
{{- end }}

{{- define "ops-proxy.subjects" -}}
subjects:
- kind: ServiceAccount
  name: {{ include "ops-proxy.name" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
