{{/*
What the operator may do in a namespace it serves, and nothing else. Used by one ClusterRole, or
by a Role in each watched namespace. Secrets are never read there: pods reference them by name.
*/}}
{{- define "modelweir.operator.workloadRules" -}}
- apiGroups: [modelweir.dev]
  resources: [inferenceservices]
  verbs: [get, list, watch]
- apiGroups: [modelweir.dev]
  resources: [inferenceservices/status]
  verbs: [patch]
- apiGroups: [modelweir.dev]
  resources: [trainingjobs]
  verbs: [get, list, watch, delete]
- apiGroups: [modelweir.dev]
  resources: [trainingjobs/status]
  verbs: [patch]
- apiGroups: [modelweir.dev]
  resources: [models]
  verbs: [get, list, watch, create, patch]
- apiGroups: [modelweir.dev]
  resources: [modelversions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [modelweir.dev]
  resources: [models/status, modelversions/status]
  verbs: [patch]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [limitranges, resourcequotas]
  verbs: [list]
{{- /* Kueue may come later. Who installs with Roles only can pass on no rights to a kind that is not there. */}}
{{- if or (not .Values.watchNamespaces) (.Capabilities.APIVersions.Has "kueue.x-k8s.io/v1beta1") (.Capabilities.APIVersions.Has "kueue.x-k8s.io/v1beta2") }}
- apiGroups: [kueue.x-k8s.io]
  resources: [workloads]
  verbs: [list]
- apiGroups: [visibility.kueue.x-k8s.io]
  resources: [localqueues/pendingworkloads]
  verbs: [get]
{{- end }}
{{- /* The same holds for claims of devices, which are in the ClusterRole admin from Kubernetes 1.34 on. */}}
{{- if or (not .Values.watchNamespaces) (semverCompare ">=1.34-0" .Capabilities.KubeVersion.Version) }}
- apiGroups: [resource.k8s.io]
  resources: [resourceclaimtemplates]
  verbs: [get]
{{- end }}
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [list, watch, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [list, watch, create, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [{{ if include "modelweir.progress.enabled" . }}get, {{ end }}list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [list, create, patch]
{{- end }}

{{/* What belongs to no namespace: only where the operator serves all of them. */}}
{{- define "modelweir.operator.clusterRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
{{- /* Its UID tells this cluster from others. */}}
{{- if and .Values.mlflow.url (not .Values.mlflow.owner) }}
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: [kube-system]
  verbs: [get]
{{- end }}
- apiGroups: [resource.k8s.io]
  resources: [deviceclasses]
  verbs: [get]
- apiGroups: [resource.k8s.io]
  resources: [resourceslices, resourceclaims]
  verbs: [list]
- apiGroups: [scheduling.k8s.io]
  resources: [priorityclasses]
  verbs: [list]
{{- end }}

{{/* Leader election, in the namespace of the release. `create` cannot be bound to a name. */}}
{{- define "modelweir.operator.leaseRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [modelweir-operator]
  verbs: [get, patch, list, watch]
{{- end }}

{{/* The keys of the progress endpoint, in the namespace of the release. */}}
{{- define "modelweir.operator.keyRules" -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [modelweir-progress]
  verbs: [get, update]
{{- end }}
