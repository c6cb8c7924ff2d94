{{/* Labels of every object: (dict "root" $ "service" "registry" "role" "api"); service and role may be left out. */}}
{{- define "kentongan.labels" -}}
{{ include "kentongan.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: kentongan
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end -}}

{{/* What selects the pods of a service's role; never changes from one version to the next. */}}
{{- define "kentongan.selector" -}}
app.kubernetes.io/name: kentongan
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .service }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- with .role }}
kentongan/role: {{ . }}
{{- end }}
{{- end -}}

{{/* The image of a service: a digest wins over the tag, the global registry over the image's own. */}}
{{- define "kentongan.image" -}}
{{- $image := .root.Values.image -}}
{{- $registry := .root.Values.global.imageRegistry | default $image.registry -}}
{{- $name := printf "%s/%s" $image.repository .service -}}
{{- if $registry -}}{{- $name = printf "%s/%s" $registry $name -}}{{- end -}}
{{- with index $image.digests .service -}}
{{ printf "%s@%s" $name . }}
{{- else -}}
{{ printf "%s:%s" $name ($image.tag | default .root.Chart.AppVersion) }}
{{- end -}}
{{- end -}}

{{/* What is known of the services from their code: files/services.yaml, as a mapping. */}}
{{- define "kentongan.known" -}}
{{ .Files.Get "files/services.yaml" }}
{{- end -}}

{{/* A role's values: what all services have, overridden by the service's own. A fresh mapping. */}}
{{- define "kentongan.role" -}}
{{- $own := index (index .root.Values.services .service).roles .role | default dict -}}
{{ mergeOverwrite (deepCopy (index .root.Values.roles .role)) (deepCopy $own) | toYaml }}
{{- end -}}

{{/* The names of Secrets, each with its default. */}}
{{- define "kentongan.secret.own" -}}
{{ (index .root.Values.services .service).secret.name | default (printf "%s-%s" .root.Release.Name .service) }}
{{- end -}}
{{- define "kentongan.secret.kafka" -}}
{{- $service := index .root.Values.services .service -}}
{{ $service.kafkaSecret.name | default $service.kafkaUser }}
{{- end -}}
