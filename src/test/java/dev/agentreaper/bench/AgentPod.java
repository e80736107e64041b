package dev.agentreaper.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/**
 * The JSON of an agent pod as clusters have them: what the agent's deployment says, what admission and the kubelet add, and
 * {@code managedFields}, by which most pods are as large as they are.
 */
public final class AgentPod {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AgentPod() {}

    /** Some so many bytes of it, and no less than the smallest is. */
    public static String json(String namespace, String name, int bytes) {
        try {
            ObjectNode pod = (ObjectNode) JSON.readTree(base(namespace, name));
            ArrayNode managed = pod.withObject("/metadata").withArray("managedFields");
            int entry = JSON.readTree(managedBy(0)).toString().length();
            int missing = bytes - pod.toString().length();
            for (int i = 0; i < Math.round((double) missing / entry); i++) {
                managed.add(JSON.readTree(managedBy(i)));
            }
            return pod.toString();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it is where nobody has changed it. */
    private static String base(String namespace, String name) {
        return """
                {"apiVersion":"v1","kind":"Pod",
                 "metadata":{"name":"%s","namespace":"%s","generateName":"azdevops-agent-",
                   "uid":"7f3f2f0e-6d0c-4f0d-9a55-0d3a55ff2c11","resourceVersion":"1001",
                   "creationTimestamp":"2026-01-01T00:00:00Z",
                   "labels":{"app":"agent","pod-template-hash":"6d4cf56db6","team":"platform"},
                   "annotations":{"cluster-autoscaler.kubernetes.io/safe-to-evict":"false","kubernetes.io/psp":"restricted"},
                   "ownerReferences":[{"apiVersion":"batch/v1","kind":"Job","name":"azdevops-agent",
                     "uid":"b3b1c2fe-1f0c-4f0d-9a55-0d3a55ff2c11","controller":true,"blockOwnerDeletion":true}],
                   "managedFields":[]},
                 "spec":{"nodeName":"node-1","restartPolicy":"Never","serviceAccountName":"default",
                   "schedulerName":"default-scheduler","terminationGracePeriodSeconds":3600,"enableServiceLinks":true,
                   "volumes":[{"name":"work","emptyDir":{}},{"name":"kube-api-access","projected":{"defaultMode":420,
                     "sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}]}}],
                   "containers":[{"name":"agent","image":"registry.example.com/azdevops-agent:4.1",
                     "imagePullPolicy":"IfNotPresent",
                     "env":[{"name":"AZP_AGENT_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},
                       {"name":"AZP_TOKEN","valueFrom":{"secretKeyRef":{"name":"azdevops","key":"token"}}},
                       {"name":"AZP_WORK","value":"/work"},{"name":"JAVA_HOME","value":"/usr/lib/jvm/default"}],
                     "resources":{"limits":{"cpu":"2","memory":"4Gi"},"requests":{"cpu":"1","memory":"2Gi"}},
                     "volumeMounts":[{"name":"work","mountPath":"/work"},
                       {"name":"kube-api-access","mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","readOnly":true}],
                     "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
                   "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",
                     "tolerationSeconds":300}]},
                 "status":{"phase":"Running","hostIP":"10.0.0.7","podIP":"10.1.4.23","qosClass":"Burstable",
                   "startTime":"2026-01-01T00:00:02Z",
                   "conditions":[{"type":"Ready","status":"True","lastProbeTime":null,
                     "lastTransitionTime":"2026-01-01T00:00:09Z"},
                     {"type":"PodScheduled","status":"True","lastProbeTime":null,
                     "lastTransitionTime":"2026-01-01T00:00:01Z"}],
                   "containerStatuses":[{"name":"agent","ready":true,"restartCount":0,"started":true,
                     "image":"registry.example.com/azdevops-agent:4.1","containerID":"containerd://6d4cf56db6",
                     "state":{"running":{"startedAt":"2026-01-01T00:00:08Z"}}}]}}
                """.formatted(name, namespace);
    }

    /** What one of many controllers leaves. */
    private static String managedBy(int number) {
        return """
                {"manager":"manager-%d","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:01Z",
                 "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{
                 "k:{\\"name\\":\\"agent\\"}":{".":{},"f:env":{".":{},"k:{\\"name\\":\\"AZP_AGENT_NAME\\"}":{".":{},"f:name":{},
                 "f:valueFrom":{}},"k:{\\"name\\":\\"AZP_TOKEN\\"}":{".":{},"f:name":{},"f:valueFrom":{}}},"f:image":{},
                 "f:imagePullPolicy":{},"f:name":{},"f:resources":{},"f:volumeMounts":{}}},"f:restartPolicy":{}}}}
                """.formatted(number);
    }
}
