{{/* A setting's value as an environment variable holds it: text as it is, the rest as JSON. */}}
{{- define "kentongan.text" -}}
{{- if kindIs "string" . -}}{{ . }}{{- else -}}{{ toJson . }}{{- end -}}
{{- end -}}

{{- define "kentongan.secured" -}}
{{- if hasPrefix "SASL" .Values.kafka.securityProtocol -}}yes{{- end -}}
{{- end -}}

{{/* Whether an authority is given: (dict "authority" …). */}}
{{- define "kentongan.given" -}}
{{- if or .secret .configMap -}}yes{{- end -}}
{{- end -}}

{{/* Kafka's settings for one user, as a mapping: (dict "root" $ "user" "registry"). */}}
{{- define "kentongan.settings.kafka" -}}
{{- $kafka := .root.Values.kafka -}}
KENTONGAN_KAFKA_BOOTSTRAP_SERVERS: {{ $kafka.bootstrapServers | quote }}
KENTONGAN_KAFKA_SECURITY_PROTOCOL: {{ $kafka.securityProtocol }}
{{- if include "kentongan.secured" .root }}
KENTONGAN_KAFKA_SASL_MECHANISM: {{ $kafka.saslMechanism }}
KENTONGAN_KAFKA_SASL_USERNAME: {{ .user | quote }}
KENTONGAN_KAFKA_SASL_PASSWORD_FILE: /run/kentongan/secrets/kafka-password
{{- end }}
{{- if include "kentongan.given" $kafka.authority }}
KENTONGAN_KAFKA_CA_FILE: /run/kentongan/authorities/kafka.pem
{{- end }}
{{- with $kafka.topicPrefix }}
KENTONGAN_KAFKA_TOPIC_PREFIX: {{ . | quote }}
{{- end }}
KENTONGAN_KAFKA_REPLICATION_FACTOR: {{ $kafka.replicationFactor | quote }}
KENTONGAN_KAFKA_MIN_INSYNC_REPLICAS: {{ $kafka.minInsyncReplicas | quote }}
{{- end -}}

{{/* Whose tokens are believed. */}}
{{- define "kentongan.settings.identity" -}}
{{- $identity := .Values.identity -}}
KENTONGAN_AUTH_AUDIENCE: {{ $identity.audience | quote }}
{{- if eq $identity.provider "keycloak" }}
{{- $realm := printf "/realms/%s" $identity.keycloak.realm }}
{{- $inner := $identity.keycloak.innerUrl | default $identity.keycloak.url }}
KENTONGAN_AUTH_ISSUER: {{ printf "%s%s" (trimSuffix "/" $identity.keycloak.url) $realm | quote }}
KENTONGAN_AUTH_JWKS_URL: {{ printf "%s%s/protocol/openid-connect/certs" (trimSuffix "/" $inner) $realm | quote }}
{{- else }}
{{- with $identity.issuer }}
KENTONGAN_AUTH_ISSUER: {{ . | quote }}
{{- end }}
{{- with $identity.keySet.url }}
KENTONGAN_AUTH_JWKS_URL: {{ . | quote }}
{{- end }}
{{- if $identity.keySet.configMap }}
KENTONGAN_AUTH_JWKS_FILE: /run/kentongan/keys/jwks.json
{{- end }}
{{- end }}
{{- end -}}

{{/* All settings of a service, as a mapping; what the chart decides wins over what is free. */}}
{{- define "kentongan.settings" -}}
{{- $values := .root.Values -}}
{{- $service := index $values.services .service -}}
{{- $free := dict -}}
{{- range $name, $value := mergeOverwrite (deepCopy $values.settings) (deepCopy $service.settings) -}}
{{- $free = merge (dict $name (include "kentongan.text" $value)) $free -}}
{{- end -}}
{{- with $free }}
{{- toYaml . }}
{{ end -}}
KENTONGAN_ENVIRONMENT: {{ $values.environment }}
KENTONGAN_CITY: {{ $values.city | quote }}
KENTONGAN_LOG_FORMAT: json
KENTONGAN_HTTP_HOST: 0.0.0.0
KENTONGAN_HTTP_PORT: "8000"
KENTONGAN_HTTP_LAME_DUCK_SECONDS: {{ $values.shutdown.lameDuckSeconds | quote }}
KENTONGAN_SHUTDOWN_SECONDS: {{ $values.shutdown.seconds | quote }}
KENTONGAN_MONGO_URI_FILE: /run/kentongan/secrets/mongodb-uri
KENTONGAN_MONGO_DATABASE_PREFIX: {{ $values.mongodb.databasePrefix | quote }}
{{- if include "kentongan.given" $values.mongodb.authority }}
KENTONGAN_MONGO_TLS_CA_FILE: /run/kentongan/authorities/mongodb.pem
{{- end }}
{{ include "kentongan.settings.kafka" (dict "root" .root "user" $service.kafkaUser) }}
{{ include "kentongan.settings.identity" .root }}
{{- with .known.secret }}
{{ . }}_FILE: /run/kentongan/secrets/secret
{{- end }}
{{- if include "kentongan.given" (index $service "webhookAuthority" | default dict) }}
KENTONGAN_BROADCAST_CA_FILE: /run/kentongan/authorities/webhooks.pem
{{- end }}
{{- end -}}
