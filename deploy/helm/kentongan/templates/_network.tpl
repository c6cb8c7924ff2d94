{{/* Ways out by name: (dict "root" $ "to" (list "dns" "kafka")). One without peers is left out: an
     empty list of peers would mean everywhere. */}}
{{- define "kentongan.egress" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- range $name := .to }}
{{- $way := index $policy $name }}
{{- if $way.to }}
- to:
    {{- toYaml $way.to | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ $way.port }}}
    {{- if eq $name "dns" }}
    - {protocol: UDP, port: {{ $way.port }}}
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What is not the Internet (IANA's special-purpose registries): private, shared, link-local,
     loopback, documentation, multicast, reserved; and IPv6 that holds an IPv4 address. The mapped
     ones (::ffff:0:0/96) are never on a wire, and Kubernetes refuses them here. */}}
{{- define "kentongan.inner.ipv4" -}}
[0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24,
 192.0.2.0/24, 192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24,
 224.0.0.0/4, 240.0.0.0/4]
{{- end -}}
{{- define "kentongan.inner.ipv6" -}}
["::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
 "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"]
{{- end -}}
