{{/* What a pod's security context must be for the namespace label `restricted`. */}}
{{- define "kentongan.pod.security" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "kentongan.container.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* What every pod says before its containers. */}}
{{- define "kentongan.pod.head" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "kentongan.pod.security" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.scheduling.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.scheduling.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.scheduling.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* One authority as a source of a projected volume: (dict "authority" … "path" "kafka.pem"). */}}
{{- define "kentongan.authority" -}}
{{- with .authority -}}
{{- if .secret }}
- secret: {name: {{ .secret }}, items: [{key: {{ .key }}, path: {{ $.path }}}]}
{{- else if .configMap }}
- configMap: {name: {{ .configMap }}, items: [{key: {{ .key }}, path: {{ $.path }}}]}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The sources of a service's files, by folder: secrets, authorities, keys. */}}
{{- define "kentongan.sources" -}}
{{- $values := .root.Values -}}
{{- $service := index $values.services .service -}}
secrets:
  - secret:
      name: {{ include "kentongan.secret.own" . }}
      items:
        - {key: {{ $service.secret.mongodbUriKey }}, path: mongodb-uri}
        {{- if .known.secret }}
        - {key: {{ $service.secret.secretKey }}, path: secret}
        {{- end }}
  {{- if include "kentongan.secured" .root }}
  - secret:
      name: {{ include "kentongan.secret.kafka" . }}
      items: [{key: {{ $service.kafkaSecret.key }}, path: kafka-password}]
  {{- end }}
authorities:
  {{- include "kentongan.authority" (dict "authority" $values.kafka.authority "path" "kafka.pem") | nindent 2 }}
  {{- include "kentongan.authority" (dict "authority" $values.mongodb.authority "path" "mongodb.pem") | nindent 2 }}
  {{- include "kentongan.authority" (dict "authority" (index $service "webhookAuthority" | default dict) "path" "webhooks.pem") | nindent 2 }}
{{- if and (eq $values.identity.provider "oidc") $values.identity.keySet.configMap }}
keys:
  - configMap: {name: {{ $values.identity.keySet.configMap }}, items: [{key: {{ $values.identity.keySet.key }}, path: jwks.json}]}
{{- end }}
{{- end -}}

{{/* Volumes and mounts from such sources; a folder without any is left out. */}}
{{- define "kentongan.volumes" -}}
{{- range $folder, $sources := . }}
{{- if $sources }}
- name: {{ $folder }}
  projected:
    defaultMode: 0440
    sources:
      {{- toYaml $sources | nindent 6 }}
{{- end }}
{{- end }}
- name: scratch
  emptyDir: {sizeLimit: 256Mi}
{{- end -}}
{{- define "kentongan.mounts" -}}
{{- range $folder, $sources := . }}
{{- if $sources }}
- {name: {{ $folder }}, mountPath: /run/kentongan/{{ $folder }}, readOnly: true}
{{- end }}
{{- end }}
- {name: scratch, mountPath: /tmp}
{{- end -}}

{{/* A mapping of settings as a container's env, for Jobs that can't wait for a ConfigMap. */}}
{{- define "kentongan.env" -}}
{{- range $name, $value := . }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end -}}
