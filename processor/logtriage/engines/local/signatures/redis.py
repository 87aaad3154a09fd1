"""Redis and Memcached."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="redis.auth_required",
        patterns=(
            rb"\bnoauth\b",
            rb"\bnoauth authentication required",
            rb"\bwrongpass invalid username-password",
            rb"\bnoperm\b[^\n]{0,80}no permissions",
            rb"err auth[^\n]{0,30} called without any password configured",
            rb"err client sent auth, but no password is set",
            rb"invalid password for redis",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="The server wants another password or user than the client has.",
        action="Set the client's user and password to what the server expects, or grant the command.",
        examples=(
            "ReplyError: NOAUTH Authentication required.",
            "WRONGPASS invalid username-password pair or user is disabled.",
        ),
        near_misses=(
            "READONLY You can't write against a read only replica.",
            "NOSCRIPT No matching script. Please use EVAL.",
        ),
    ),
    Signature(
        name="redis.out_of_memory",
        patterns=(
            rb"oom command not allowed when used memory",
            rb"can't save in background: fork: cannot allocate memory",
            rb"max number of clients reached",
            rb"server_error out of memory storing object",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.93,
        rank=Rank.CRITICAL,
        reason="The server is at its memory or client limit: writes or new clients are refused.",
        action="Raise maxmemory or maxclients, or set an eviction policy; find which keys or clients grew.",
        examples=("OOM command not allowed when used memory > 'maxmemory'.", "ERR max number of clients reached"),
        near_misses=(
            "WARNING overcommit_memory is set to 0! Background save may fail under low memory condition.",
            "Client id=7 closed for overcoming of output buffer limits.",
        ),
    ),
    Signature(
        name="redis.snapshot_fails",
        patterns=(
            rb"misconf redis is configured to save rdb snapshots",
            rb"misconf errors writing to the aof",
            rb"error saving db on disk",
            rb"write error saving db",
            rb"background saving error",
            rb"bad file format reading the append only file",
            rb"short read or oom loading db",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The server cannot write its data to disk, and refuses writes because of it.",
        action="Free the disk or correct the directory's rights; then check the last good snapshot.",
        examples=("MISCONF Redis is configured to save RDB snapshots, but is unable to persist to disk.",),
        near_misses=("Background saving terminated with success", "DB saved on disk"),
    ),
    Signature(
        name="redis.wrong_node",
        patterns=(
            rb"readonly you can't write against a read only",
            rb"\bclusterdown\b",
            rb"masterdown link with master is down",
            rb"no(?:t enough)? good replicas to write",
            rb"\bnoreplicas\b",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason=(
            "There is no primary that takes this write: a failover left clients on a replica, or slots are uncovered."
        ),
        action="Check which node is primary and whether all slots are served; let clients look the primary up again.",
        examples=("READONLY You can't write against a read only replica.", "CLUSTERDOWN Hash slot not served"),
        near_misses=("LOADING Redis is loading the dataset in memory", "MOVED 3999 10.0.0.9:6381"),
    ),
    Signature(
        name="redis.loading",
        patterns=(
            rb"loading redis is loading the dataset in memory",
            rb"\btryagain multiple keys request during rehashing",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.85,
        reason="The server has just started and answers when its data is read.",
        action="Nothing if a restart was meant; else find out why it restarted.",
        examples=("LOADING Redis is loading the dataset in memory",),
        near_misses=(
            "READONLY You can't write against a read only replica.",
            "Error loading the configuration file of Redis",
        ),
    ),
    Signature(
        name="redis.host_settings",
        patterns=(
            rb"overcommit_memory is set to 0",
            rb"tcp backlog setting of \d{1,6} cannot be enforced",
            rb"you have transparent huge pages \(thp\) support enabled",
            rb"no config file specified, using the default config",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="A start-up hint about kernel settings; the server runs.",
        action="Set the kernel parameter on the next maintenance of the host.",
        examples=("# WARNING overcommit_memory is set to 0! Background save may fail under low memory condition.",),
        near_misses=(
            "Can't save in background: fork: Cannot allocate memory",
            "Fatal error, can't open config file '/etc/r.conf'",
        ),
    ),
    Signature(
        name="redis.wrong_type_or_script",
        patterns=(
            rb"err invalid expire time",
            rb"wrongtype operation against a key holding",
            rb"\bcrossslot keys in request don't hash",
            rb"err wrong number of arguments for",
            rb"err value is not an integer",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The program sends a command that cannot work on this key or this server.",
        action="Hand it to the owner of the code; two programs may share a key name.",
        examples=("WRONGTYPE Operation against a key holding the wrong kind of value",),
        near_misses=("NOAUTH Authentication required.", "MOVED 12182 10.0.0.7:6379"),
    ),
    Signature(
        name="redis.unknown_command",
        patterns=(
            rb"err unknown command",
            rb"err unknown subcommand",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The client uses a command that this server's version does not have, or that is switched off.",
        action="Compare the versions of client and server; upgrade the server or let the client use older commands.",
        examples=("ERR unknown command 'GETEX', with args beginning with: 'cart'",),
        near_misses=(
            "ERR wrong number of arguments for 'get' command",
            "bash: getex: command not found",
        ),
    ),
    Signature(
        name="redis.slow_disk",
        patterns=(
            rb"asynchronous aof fsync is taking too long",
            rb"background append only file rewriting terminated by signal",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The disk is too slow or too full for what the server writes.",
        action="Look at the disk's write latency and at what shares it.",
        examples=("Asynchronous AOF fsync is taking too long (disk is busy?).",),
        near_misses=(
            "Background append only file rewriting started",
            "AOF loaded in 2 s",
        ),
    ),
)
