{{- define "maskstream.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* The labels by which one role's pods are found: {root, role}. */ -}}
{{- define "maskstream.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{- define "maskstream.labels" -}}
{{ include "maskstream.selector" . }}
app.kubernetes.io/part-of: maskstream
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- /* Name and labels of what belongs to one role. */ -}}
{{- define "maskstream.metadata" -}}
name: {{ include "maskstream.fullname" .root }}-{{ .role }}
namespace: {{ .root.Release.Namespace }}
labels: {{- include "maskstream.labels" . | nindent 2 }}
{{- end -}}

{{- /* Only the processor computes; its tag is that of the GPU where there is one. */ -}}
{{- define "maskstream.image" -}}
{{- $cuda := and (eq .role "processor") .root.Values.gpu.enabled -}}
{{- with .root.Values.image -}}
image: {{ if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ default (printf "%s%s" $.root.Chart.AppVersion (ternary "-cuda" "" $cuda)) .tag }}{{ end }}
imagePullPolicy: {{ .pullPolicy }}
{{- end -}}
{{- end -}}

{{- /* The Secret of a role's Kafka user: the one given, else the one that Strimzi writes. */ -}}
{{- define "maskstream.userSecret" -}}
{{- $given := (index .root.Values .role).existingSecret -}}
{{- if $given -}}{{ $given }}{{- else if .root.Values.strimzi.enabled -}}{{ include "maskstream.fullname" .root }}-{{ .role }}{{- end -}}
{{- end -}}

{{- define "maskstream.caSecret" -}}
{{- if .Values.kafka.caSecret -}}{{ .Values.kafka.caSecret }}{{- else if and .Values.strimzi.enabled (hasSuffix "SSL" .Values.kafka.securityProtocol) -}}{{ .Values.strimzi.cluster }}-cluster-ca-cert{{- end -}}
{{- end -}}

{{- define "maskstream.brokers" -}}
{{ required "kafka.bootstrapServers is missing, such as kafka-bootstrap.kafka:9092" .Values.kafka.bootstrapServers }}
{{- end -}}

{{- /* How a client is let in, each line with a prefix: {root, role, prefix}. Secrets stay in their files. */ -}}
{{- define "maskstream.security" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $own := dict -}}
{{- $protocol := $kafka.securityProtocol -}}
{{- if ne $protocol "PLAINTEXT" -}}{{ $_ := set $own "security.protocol" $protocol }}{{- end -}}
{{- if and (hasSuffix "SSL" $protocol) (include "maskstream.caSecret" .root) -}}
{{- $_ := set $own "ssl.truststore.type" "PEM" -}}
{{- $_ := set $own "ssl.truststore.location" "/etc/maskstream/ca/ca.crt" -}}
{{- end -}}
{{- if include "maskstream.userSecret" . -}}
{{- if hasPrefix "SASL_" $protocol -}}
{{- $_ := set $own "sasl.mechanism" $kafka.saslMechanism -}}
{{- $_ := set $own "sasl.jaas.config" "${directory:/etc/maskstream/kafka:sasl.jaas.config}" -}}
{{- else if eq $protocol "SSL" -}}
{{- $_ := set $own "ssl.keystore.type" "PKCS12" -}}
{{- $_ := set $own "ssl.keystore.location" "/etc/maskstream/kafka/user.p12" -}}
{{- $_ := set $own "ssl.keystore.password" "${directory:/etc/maskstream/kafka:user.password}" -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := merge (dict) $kafka.properties $own }}
{{ $.prefix }}{{ $key }}={{ $value }}
{{- end -}}
{{- end -}}

{{- define "maskstream.securityVolumes" -}}
{{- with include "maskstream.userSecret" . }}
- name: kafka-user
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with include "maskstream.caSecret" .root }}
- name: kafka-ca
  secret: {secretName: {{ . }}, defaultMode: 0444}
{{- end }}
{{- end -}}

{{- define "maskstream.securityMounts" -}}
{{- if include "maskstream.userSecret" . }}
- {name: kafka-user, mountPath: /etc/maskstream/kafka, readOnly: true}
{{- end }}
{{- if include "maskstream.caSecret" .root }}
- {name: kafka-ca, mountPath: /etc/maskstream/ca, readOnly: true}
{{- end }}
{{- end -}}

{{- /* What all pods have in common. */ -}}
{{- define "maskstream.pod" -}}
automountServiceAccountToken: false
# A service called maskstream would set variables that look like keys of the configuration.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "maskstream.container" -}}
{{ include "maskstream.image" . }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{- /* For those that know -b and --command-config instead of a configuration of their own. */ -}}
{{- define "maskstream.clientArguments" -}}
- --bootstrap-server
- {{ include "maskstream.brokers" .root | quote }}
- --command-config
- /etc/maskstream/client/client.properties
{{- end -}}
