{{/* Before an installation and before each upgrade. Repeating a Job changes nothing, so tools that
     know one phase alone (Argo CD's PreSync) run it each time. */}}
{{- define "kentongan.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation
{{- end -}}

{{/* A Job's spec: (dict "of" … "args" … "sources" … "settings" …). */}}
{{- define "kentongan.job" -}}
{{- $root := .of.root -}}
# Kafka and MongoDB may still be on their way: tried again for ten minutes.
backoffLimit: 20
activeDeadlineSeconds: 600
template:
  metadata:
    labels:
      {{- include "kentongan.labels" .of | nindent 6 }}
  spec:
    serviceAccountName: {{ $root.Release.Name }}-prepare
    {{- include "kentongan.pod.head" $root | nindent 4 }}
    restartPolicy: OnFailure
    containers:
      - name: {{ first .args }}
        image: {{ include "kentongan.image" .of }}
        imagePullPolicy: {{ $root.Values.image.pullPolicy }}
        args: {{ toJson .args }}
        env:
          {{- include "kentongan.env" .settings | nindent 10 }}
        resources:
          requests: {cpu: 50m, memory: 160Mi}
          limits: {memory: 512Mi}
        securityContext:
          {{- include "kentongan.container.security" $root | nindent 10 }}
        volumeMounts:
          {{- include "kentongan.mounts" .sources | nindent 10 }}
    volumes:
      {{- include "kentongan.volumes" .sources | nindent 6 }}
{{- end -}}
