{{- define "ops-proxy.labels" -}}
app.kubernetes.io/part-of: ops-proxy
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* By which pods are selected: never changed by an upgrade. */}}
{{- define "ops-proxy.selector" -}}
app.kubernetes.io/name: ops-proxy
app.kubernetes.io/component: operator
{{- end }}

{{- define "ops-proxy.subjects" -}}
subjects:
- kind: ServiceAccount
  name: ops-proxy-operator
  namespace: {{ .Release.Namespace }}
{{- end }}
