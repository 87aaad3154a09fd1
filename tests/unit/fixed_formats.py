"""Messages that software prints word for word: what a golden record and a signature's example may share.

Each is the fixed text of a message, with its values left out (`…`), beside the software that prints it. A record of
that software cannot say it otherwise, and a signature that is to know it must hold it. Whatever else two texts share
over so many words is one author's wording in both, and would measure memory.
"""

from __future__ import annotations

FIXED_FORMATS: tuple[tuple[str, str], ...] = (
    ("containerd", 'level=warning msg="cleaning up after shim disconnected" id=…'),
    ("MySQL", "Deadlock found when trying to get lock; try restarting transaction"),
    ("MySQL", "You have an error in your SQL syntax; check the manual that corresponds to your … server version"),
    ("Elasticsearch", "max virtual memory areas vm.max_map_count […] is too low, increase to at least […]"),
    ("Elasticsearch", "flood stage disk watermark […] exceeded on … all indices on this node will be marked read-only"),
    ("Elasticsearch", "master not discovered or elected yet, an election requires at least 2 nodes"),
    (
        "Envoy",
        "gRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: "
        "Error adding/updating listener(s)",
    ),
    ("Istio", "DeltaAggregatedResources gRPC config stream to xds-grpc closed since"),
    ("Envoy", "reset reason: remote connection failure, transport failure reason: TLS_error:"),
    ("etcd", "rpc error: code = NotFound desc = etcdserver: requested lease not found"),
    ("etcd", "waiting for ReadIndex response took too long, retrying"),
    ("Tomcat", "org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe"),
    ("Kafka", "org.apache.kafka.common.errors.SerializationException: Unknown magic byte!"),
    ("Kafka", "Connection to node … could not be established. Broker may not be available."),
    ("Schema Registry", "Schema being registered is incompatible with an earlier schema for subject"),
    ("ZooKeeper", "Either no config or no quorum defined in config, running in standalone mode"),
    ("Kubernetes", "PLEG is not healthy: pleg was last seen active"),
    ("Kubernetes", "the object has been modified; please apply your changes to the latest version and try again"),
    ("MongoDB", "Error sending response to client. Ending connection from remote"),
    ("Go context and gRPC", "rpc error: code = DeadlineExceeded desc = context deadline exceeded"),
    ("OpenSSL in nginx", "OCSP_basic_verify() failed SSL error OCSP routines"),
    ("nginx", "upstream sent too big header while reading response header from upstream"),
    ("nginx", "no live upstreams while connecting to upstream, client:"),
    ("nginx", "upstream timed out (Connection timed out) while reading response header from upstream"),
    ("nginx", "recv() failed (Connection reset by peer) while proxying upgraded connection, client:"),
    ("PostgreSQL", "LOG: could not receive data from client: Connection reset by peer"),
    ("PostgreSQL", "FATAL: could not connect to the primary server:"),
    ("PostgreSQL", "ERROR: could not serialize access due to concurrent update"),
    ("PostgreSQL", "FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute"),
    ("RabbitMQ", "ERROR mnesia_event got inconsistent_database, running_partitioned_network"),
    (
        "RabbitMQ",
        "operation queue.declare caused a channel exception resource_locked: "
        "cannot obtain exclusive access to locked queue",
    ),
    ("Redis", "WRONGPASS invalid username-password pair or user is disabled"),
    ("Redis", "OOM command not allowed when used memory > 'maxmemory'"),
    ("Redis", "READONLY You can't write against a read only replica"),
    ("Redis", "MISCONF Redis is configured to save RDB snapshots, but"),
    ("Redis", "Redis is now ready to exit, bye bye"),
    ("Redis", "WRONGTYPE Operation against a key holding the wrong kind of value"),
    ("systemd", "service: Main process exited, code=exited, status=203/EXEC"),
    ("systemd", "service: Main process exited, code=killed, status=9/KILL"),
)
