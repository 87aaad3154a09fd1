"""Java servers and actor systems: clusters of actors, Keycloak, Quarkus, Infinispan, Jenkins."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="akka.letter_not_delivered",
        patterns=(
            rb"was not delivered\. \[\d{1,9}\] dead letters encountered",
            rb"dead letters encountered",
            rb"akkadeadletter\]",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="A message went to an actor that has ended; such letters are counted and left.",
        action="Nothing to do.",
        examples=(
            "Message [shop.Tick] to Actor[akka://shop/user/till] was not delivered. [3] dead letters encountered",
        ),
        near_misses=(
            "the letter was not delivered by post",
            "dead letter queue of till is growing",
        ),
    ),
    Signature(
        name="akka.address_gated",
        patterns=(
            rb"address is now gated for",
            rb"associationerror \[[^\n]{1,400}shut ?down",
            rb"the remote system (?:explicitly disassociated|terminated the association)",
            rb"tried to associate with unreachable remote address",
            rb"couldn.t join seed nodes after \[\d{1,4}\] attempts",
            rb"heartbeat (?:interval )?is growing too large",
            rb"scheduled sending of heartbeat was delayed",
        ),
        unless=(rb"quarantin",),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="The way to another node of the actor system broke off; it is tried again after the gate opens.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=(
            "Association with remote system [akka.tcp://shop@till:2551] has failed, address is now gated for [5000] ms",
        ),
        near_misses=(
            "the gate at the till is closed",
            "Association of remote tills",
        ),
    ),
    Signature(
        name="akka.member_cut_off",
        patterns=(
            rb"marking (?:exiting )?node\(?s?\)? as unreachable",
            rb"(?:uid|system) is now quarantined",
            rb"is irrecoverably failed",
            rb"leader can currently not perform its duties",
            rb"remote ?actor ?system must be restarted",
            rb"has been quarantined by",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="A member of the actor cluster cannot be reached or was shut out for good: what runs there is cut off.",
        action="See whether that member lives; start it again, as one that was shut out never comes back by itself.",
        examples=(
            "Cluster Node [akka://shop@till:2551] - Marking node(s) as UNREACHABLE [Member(akka://shop@desk:2551, Up)]",
        ),
        near_misses=(
            "node till is reachable again",
            "the mail was quarantined by the filter",
        ),
    ),
    Signature(
        name="keycloak.start_up_remark",
        patterns=(
            rb"kc-services0047",
            rb"is implementing the internal spi",
            rb"ispn000569",
            rb"ispn000554",
            rb"ispn005(?:028|054)",
            rb"failed to index [\w.$]{1,160}: class does not exist in classloader",
            rb"native (?:epoll|iouring|io_uring) transport not available",
            rb"unrecognized configuration key [^\n]{1,120} was provided; it will be ignored",
            rb"run(?: |-)?time (?:non-cli )?options were (?:found|used), but will be ignored",
            rb"running the server in development mode",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="A remark of the server at its build or start on defaults and inner interfaces.",
        action="Nothing to do.",
        examples=("WARN [org.infinispan.CONFIG] ISPN000569: no global state, inner caches stay in memory",),
        near_misses=(
            "ISPN000136: Error executing command PutKeyValueCommand",
            "class does not exist: shop.Till",
        ),
    ),
    Signature(
        name="jvm.start_up_remark",
        patterns=(
            rb"is not eligible for getting processed by all beanpostprocessors",
            rb"an illegal reflective access operation has occurred",
            rb"illegal reflective access by ",
            rb"all illegal access operations will be denied",
            rb"a terminally deprecated method in ",
            rb"apr based apache tomcat native library",
            rb"at least one jar was scanned for tlds",
            rb"creation of securerandom instance for session id",
            rb"slf4j: class path contains multiple",
            rb"slf4j: (?:actual binding|found binding|defaulting to no-operation|see https?:)",
            rb"spring\.jpa\.open-in-view is enabled by default",
            rb"using generated security password",
            rb"does not need to be specified explicitly using .hibernate\.dialect",
            rb"sharing is only supported for boot loader classes",
            rb"unable to load [^\n]{1,80}macosdnsserveraddressstreamprovider",
            rb"cannot find template location",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.88,
        reason="A remark of a Java framework at start on how it is set up.",
        action="Nothing to do.",
        examples=(
            "Bean 'tillTemplate' of type [shop.T] is not eligible for getting processed by all BeanPostProcessors",
        ),
        near_misses=(
            "Error creating bean with name 'till'",
            "reflective road signs are missing",
        ),
    ),
    Signature(
        name="hikari.clock_leap",
        patterns=(rb"clock leap detected \(housekeeper delta=\d{1,4}(?:m|h|d)",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.85,
        reason="The pool's housekeeper woke late: the host slept, or its clock moved.",
        action="Nothing to do after a sleep of the host; if it is frequent, look at the host's load.",
        examples=("TillPool - Thread starvation or clock leap detected (housekeeper delta=31m2s18ms).",),
        near_misses=(
            "the clock of the till leaps",
            "Detected JVM or host machine pause: pause of approximately 14012ms",
        ),
    ),
    Signature(
        name="jenkins.agent_channel_ended",
        patterns=(
            rb"error while determining if vetoers exist",
            rb"computer\.threadpoolforremoting [^\n]{1,120}terminated",
            rb"could not attach [^\n]{1,80} to support bundle",
            rb"couldn.t clean up oid=\d",
            rb"is aborted: disabled protocol",
        ),
        also=(rb"channelclosed|closedchannel|timeoutexception|hudson|jenkins|computer\.threadpool",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.88,
        reason="The channel to an agent ended while something was still asked over it: agents for one build go so.",
        action="Nothing to do.",
        examples=("WARNING: Could not attach 'nodes/till-agent-3' to support bundle: ClosedChannelException",),
        near_misses=(
            "Could not attach the picture",
            "hudson.AbortException: no such job",
        ),
    ),
    Signature(
        name="h2.file_not_writable",
        patterns=(
            rb"error opening database: [^\n]{0,6}could not save properties",
            rb"database may be already in use: ",
            rb"the database is already in use by another process",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The small database of the program cannot write or lock its files.",
        action="Give the program its folder for writing, and see that no second one holds the same files.",
        examples=('Datasource till: Error opening database: "Could not save properties /srv/till/t.lock.db"',),
        near_misses=(
            "could not save your answers",
            "the table is in use",
        ),
    ),
)
