"""Service meshes and clusters that gossip: Istio, Linkerd, Consul, Nomad, Vault."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="mesh.connection_came_and_went",
        patterns=(
            rb"profile stream failed: grpc",
            (
                rb'"connection closed"[^\n]{0,120}(?:transport endpoint is not connected|os error'
                rb"|connection error|timed out)"
            ),
            rb"\bconnection closed\b[^\n]{0,60}error=",
            rb"error notifying wait, possible future leak",
            rb"proxy admin server is http-only",
        ),
        also=(
            rb"linkerd",
            rb"trust_dns",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="A sidecar tells of one connection or watch that ended, as it does all day.",
        action="Nothing to do.",
        examples=(
            "WARN linkerd2_proxy::app::profiles profile stream failed: Grpc(Status { code: Unknown })",
            "linkerd_app_core::serve: Connection closed error=connection reset by peer",
        ),
        near_misses=(
            "linkerd_app: Connection closed",
            "the stock profile stream failed",
        ),
    ),
    Signature(
        name="mesh.control_plane_not_there_yet",
        patterns=(
            rb"failed to resolve control-plane component",
            rb"failed to connect to control-plane",
            rb"\bfailed to obtain policy\b",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="The sidecar does not find its control plane yet, and asks again.",
        action="Nothing at the start of a pod; else check the control plane and the DNS of the cluster.",
        examples=(("WARN linkerd_app_core::control: Failed to resolve control-plane component error=no record found"),),
        near_misses=(
            "control plane ready",
            "the component could not be resolved by the control panel",
        ),
    ),
    Signature(
        name="mesh.service_failfast",
        patterns=(
            rb"\bservice in fail-?fast\b",
            rb"\bentering fail-?fast after\b",
            rb"\bentered loadshed state\b|\bservice entering load-?shed\b",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason=(
            "No endpoint of the called service takes requests just now; the sidecar fails its calls at "
            "once until one does."
        ),
        action="Look at the pods of the called service if it goes on.",
        examples=("WARN linkerd_stack::failfast: Service entering failfast after 3s",),
        near_misses=(
            "fail fast is a principle of the team",
            "the test runs in failfast mode",
        ),
    ),
    Signature(
        name="mesh.push_fails_again_and_again",
        patterns=(rb"\brepeated failure to push\b",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason=(
            "The control plane cannot bring its configuration to the sidecars any more: they serve from an old one."
        ),
        action=("Look at CPU and memory of the control plane and at the number of services each sidecar is told of."),
        examples=("warn    ads     Repeated failure to push 12 sidecar~10.4.0.9~cart",),
        near_misses=(
            "pushed config to 4 proxies",
            "failure to push the image",
        ),
    ),
    Signature(
        name="mesh.push_delayed",
        patterns=(rb"failed to push, client busy",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="One sidecar was still busy with the last push of the control plane; it gets the next one.",
        action="Nothing for a few; with many look at the load of the control plane.",
        examples=("warn    ads     Failed to push, client busy sidecar~10.4.0.9~cart",),
        near_misses=(
            "client busy, please call again",
            "failed to push, remote rejected",
        ),
    ),
    Signature(
        name="mesh.config_rejected",
        patterns=(
            rb"ads:[a-z]{2,5}: ack error",
            (
                rb"gateway (?:not found|missing) for virtual ?service"
                rb"|virtual ?service[^\n]{0,80}references? (?:a )?(?:non-?existent|missing|unknown) gateway"
            ),
        ),
        unless=(rb"registered implementation",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="A sidecar refuses what the control plane sends it: it goes on with the old configuration.",
        action="Read which listener, cluster or route it names; mend the object that it is made of.",
        examples=(("warn    ads     ADS:LDS: ACK ERROR router~10.4.0.2~gw Internal:Error adding listener 0.0.0.0_80"),),
        near_misses=(
            "ADS: new connection for node gw",
            "ADS:LDS: PUSH for node gw",
        ),
    ),
    Signature(
        name="gossip.stranger_at_port",
        patterns=(
            rb"received invalid msgtype \(\d{1,3}\)",
            rb"unrecognized rpc byte",
            rb"memberlist: failed to receive(?: and remove)?(?: remote state| the stream)?[^\n]{0,40}: eof",
            rb"memberlist: refuting a (?:suspect|dead) message",
            rb"failed to decode stream header",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.94,
        reason=(
            "Something that does not speak the protocol of the cluster, as a health check or a scan, reached its port."
        ),
        action="Nothing to do; point health checks at the HTTP port.",
        examples=(
            ("[ERROR] agent.server.memberlist.lan: memberlist: Received invalid msgType (80) from=10.2.0.1:4001"),
            "[ERROR] agent.server.rpc: unrecognized RPC byte: byte=71",
        ),
        near_misses=(
            "memberlist: failed to receive: decryption failed",
            "invalid message type in the order",
        ),
    ),
    Signature(
        name="gossip.peer_late",
        patterns=(
            rb"memberlist: push/pull with [^\n]{1,80} failed",
            rb"memberlist: failed to send (?:ping|tcp ack|gossip|indirect ping)",
            rb"suspect [^\n ]{1,80} has failed, no acks received",
            rb"memberlist: failed fallback (?:tcp )?ping",
            rb"\bheartbeat timeout reached, starting election",
            rb"election timeout reached, restarting election",
            rb"raft-net: failed to flush response",
            rb"raft: failed to contact: ",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.92,
        reason="One member of the cluster did not answer in time; the others ask again and decide together.",
        action="Nothing for one; look at the network and the load of the named member if it repeats.",
        examples=(
            "[ERR] memberlist: Push/Pull with worker-9 failed: dial tcp 10.2.0.9:8301: i/o timeout",
            "[WARN]  storage.raft: heartbeat timeout reached, starting election: last-leader=10.2.0.1:8300",
        ),
        near_misses=(
            "push/pull request #12 failed its checks",
            "failed to contact quorum of nodes, stepping down",
        ),
    ),
    Signature(
        name="gossip.remark",
        patterns=(
            rb"no tls config found for alpn",
            rb"rejecting (?:pre-)?vote request since",
            rb"\bduplicate requestvote\b",
            rb"appendentries rejected, sending older logs",
            rb"(?:raft: |raft\w{0,12}: )failed to get previous log",
            rb"previous log term mis-?match",
            rb"failed to reattach to plugin, starting new instance",
            rb"unable to (?:parse|read) (?:link )?speed",
            rb"link speed could not be detected",
            rb"error querying (?:aws|gce|azure) (?:environment )?metadata url, skipping",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason=("Members of the cluster agree on a leader or on their log, or an agent remarks what it does not need."),
        action="Nothing to do.",
        examples=(
            '[WARN]  core.cluster-listener: no TLS config found for ALPN: ALPN=["h2"]',
            "[WARN]  client.fingerprint_mgr.network: unable to parse speed: device=eth9",
        ),
        near_misses=(
            "no TLS config found",
            "rejecting vote of the shareholder",
        ),
    ),
    Signature(
        name="gossip.servers_away",
        patterns=(
            rb"failed to sync (?:remote state|changes):",
            rb"rpc error getting client: failed to get conn",
            rb"coordinate update error: [^\n]{0,40}(?:no cluster leader|rpc error)",
            rb"\bno cluster leader\b",
            rb"(?:failed to appendentries to|failed to heartbeat to|failed to make requestvote rpc)",
            rb"client\.server_mgr: no servers available",
            rb"client: error heartbeating|client\.rpc: error performing rpc to server",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason=(
            "The agent does not reach a server of its cluster, or the servers have no leader: nothing "
            "is registered or looked up."
        ),
        action="Check that a majority of the servers runs and that they reach one another and the agents.",
        examples=(
            '[ERROR] agent.anti_entropy: failed to sync remote state: error="No cluster leader"',
            "[ERROR] storage.raft: failed to heartbeat to: peer=10.2.0.3:8300",
        ),
        near_misses=(
            "failed to sync the calendar",
            "the leader of the choir is missing",
        ),
    ),
)
