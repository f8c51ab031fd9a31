{{/* What every process is called and found by. Call with (dict "root" $ "part" "worker"). */}}
{{- define "ta.labels" -}}
app.kubernetes.io/name: trade-assurance
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/* Of every pod: not root, nothing but its own disk, no token of Kubernetes. */}}
{{- define "ta.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: 256Mi }
{{- end }}

{{/* One replica a node and a zone, as far as there are so many. */}}
{{- define "ta.spread" -}}
topologySpreadConstraints:
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "ta.labels" $ | nindent 8 }}
{{- end }}
{{- end }}

{{/* Of every container. */}}
{{- define "ta.container" -}}
image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
{{- end }}

{{/* What every process reads (config/settings.ts). */}}
{{- define "ta.env" -}}
- { name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
- { name: TA_TASK_QUEUE, value: {{ .Values.temporal.taskQueue | quote }} }
- { name: TA_LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
- { name: TA_PAYLOADS, value: {{ .Values.payloads | quote }} }
- { name: TA_DATA_DIR, value: /tmp/trade-assurance }
{{ include "ta.secrets" (dict "root" . "names" (list "MONGODB_URI" "TA_KEYS")) }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Variables from the Secret, under their own names. */}}
{{- define "ta.secrets" -}}
{{- range $index, $name := .names }}
{{- if $index }}
{{ end -}}
- name: {{ $name }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.secretName | quote }}, key: {{ $name }} } }
{{- end }}
{{- end }}
