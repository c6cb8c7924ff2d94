{{/* Up at once; down one pod a minute after five quiet ones, since each leaving moves partitions. */}}
{{- define "kentongan.behavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  policies: [{type: Pods, value: 2, periodSeconds: 30}]
scaleDown:
  stabilizationWindowSeconds: 300
  policies: [{type: Pods, value: 1, periodSeconds: 60}]
{{- end -}}

{{/* Whether any consumer is scaled by its lag. */}}
{{- define "kentongan.lag" -}}
{{- $root := . -}}
{{- range $name, $known := include "kentongan.known" . | fromYaml -}}
{{- if (index $root.Values.services $name).enabled -}}
{{- if (include "kentongan.role" (dict "root" $root "service" $name "role" "consumer") | fromYaml).autoscaling.enabled -}}yes{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
