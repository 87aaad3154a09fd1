"""Cassandra and ScyllaDB."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="cassandra.not_enough_replicas",
        patterns=(
            rb"not enough replicas? (?:are )?available",
            rb"cannot achieve consistency level",
            rb"all host\(?s?\)? tried for query failed",
            rb"no hosts? available",
            rb"operation timed out - received only \d{1,4} responses",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="Too few nodes are alive to answer at the consistency asked for.",
        action="Check which nodes are down and why; repair them before the hints run out.",
        examples=("Cannot achieve consistency level QUORUM",),
        near_misses=("Unconfigured table seats", "Read 1000 live rows and 94000 tombstone cells for query"),
    ),
    Signature(
        name="cassandra.messages_dropped",
        patterns=(
            rb"messages were dropped in (?:the )?last \d",
            rb"some operations timed out, details available at",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.75,
        reason="The node cannot keep up and drops messages that came too late: replicas part.",
        action="Look at disk, collections and compaction of this node; run a repair when it is calm.",
        examples=("MUTATION messages were dropped in last 5000 ms: 12 internal and 4 cross node.",),
        near_misses=("Compacted 4 sstables to level 0", "Cannot achieve consistency level ONE"),
    ),
    Signature(
        name="cassandra.tombstone_limit",
        patterns=(
            rb"scanned over \d{1,9} tombstones",
            rb"tombstoneoverwhelmingexception",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="A query reads more deleted cells than it may and is given up: the table is used as a queue.",
        action="Change how the table is written and read, or shorten its grace period and compact it.",
        examples=("Scanned over 100001 tombstones during query; query aborted",),
        near_misses=("Read 9 live rows and 94000 tombstone cells for query", "Compacted 4 sstables to level 0"),
    ),
    Signature(
        name="cassandra.tombstones",
        patterns=(rb"tombstone cells for query",),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="A query reads far more deleted cells than live ones: the table is used as a queue.",
        action="Tell the owner of the table before the query reaches the limit where it is given up.",
        examples=("Read 9 live rows and 94000 tombstone cells for query",),
        near_misses=("Scanned over 100001 tombstones during query; query aborted", "Compacted 4 sstables to level 0"),
    ),
    Signature(
        name="cassandra.pause",
        patterns=(
            rb"not marking nodes down due to local pause",
            rb"(?:parnew|concurrentmarksweep|g1 \w{3,12} generation|gpgc[\w ]{0,12}) gc in \d{3,6}ms",
            rb"maximum memory usage reached[^\n]{0,60}cannot allocate chunk",
        ),
        unless=(
            rb"failure threshold",
            rb"fail_threshold",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The node paused or could not use its cache fully; nothing failed.",
        action="Look at the collections of this node if these are frequent.",
        examples=("G1 Young Generation GC in 412ms.  G1 Eden Space: 9000 -> 0;",),
        near_misses=(
            "Batch for [shop.lines] is of size 99120, exceeding specified failure threshold",
            "java.lang.OutOfMemoryError: Java heap space",
        ),
    ),
    Signature(
        name="cassandra.start_up_remark",
        patterns=(
            rb"maximum number of memory map areas per process",
            rb"jemalloc shared library could not be preloaded",
            rb"running in degraded mode",
            rb"small (?:commitlog|cdc) volume detected",
            rb"jmx is not enabled to receive remote connections",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="A hint at the start on how the host is set up; the server runs.",
        action="Set what the record asks for at the next maintenance of the host.",
        examples=("Cassandra server running in degraded mode. Is swap disabled? : false",),
        near_misses=(
            "Cannot start node if snitch's rack differs from previous rack",
            "Unable to gossip with any peers",
        ),
    ),
    Signature(
        name="cassandra.schema_behind_code",
        patterns=(
            rb"undefined column name",
            rb"unconfigured (?:table|columnfamily)",
            rb"unknown identifier \w",
            rb"keyspace '?[\w]{1,48}'? does not exist",
            rb"couldn't find (?:table|cfid)",
            rb"unknowncolumnfamilyexception|unknowntableexception",
            rb"(?:column family|table) id mismatch",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The code asks for a table or column that this cluster does not have: a migration is missing.",
        action="Run the missing migration, or roll the code back; check that the nodes agree on the schema.",
        examples=("InvalidQueryException: Undefined column name tier in table shop.lines",),
        near_misses=("InvalidQueryException: Key may not be empty", "schema agreement reached"),
    ),
    Signature(
        name="cassandra.value_rejected",
        patterns=(
            rb"key may not be empty",
            rb"invalid null value (?:in condition )?for",
            rb"expected \d{1,3} or \d{1,3} byte (?:int|long)",
            rb"unable to coerce '",
            rb"invalid \w{3,12} constant \(",
            rb"key length of \d{5,9} is longer than maximum",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="One statement carried a value that the table does not take.",
        action="Look at who sent it; let the input be checked where it comes in.",
        examples=('InvalidQueryException: Invalid STRING constant (abc) for "qty" of type int',),
        near_misses=("InvalidQueryException: Undefined column name tier", "syntax error in CQL query"),
    ),
    Signature(
        name="cassandra.no_seeds",
        patterns=(
            rb"unable to gossip with any (?:seeds|peers|node)",
            rb"unable to contact any seeds",
            rb"\bis now down\b",
            rb"couldn't lookup host [\w.-]{3,120}",
        ),
        unless=(rb"continuing anyway",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A node does not find its seeds, or does not hear from another node any more.",
        action="Check that the other nodes are up, their addresses and the ports between them.",
        examples=("java.lang.RuntimeException: Unable to gossip with any seeds",),
        near_misses=(
            "InetAddress /10.0.0.9 is now UP",
            "Unable to gossip with any peers but continuing anyway since node is in its own seed list",
        ),
    ),
    Signature(
        name="cassandra.client_gone",
        patterns=(
            (
                rb"unexpected exception during request[^\n]{0,200}(?:\n[^\n]{0,120})?(?:connection reset|broken pipe"
                rb"|closedchannel)"
            ),
            rb"exception in thread[^\n]{0,60}nativetransport[^\n]{0,120}(?:connection reset|broken pipe)",
            rb"unknown exception in client networking",
        ),
        unless=(
            rb"nullpointer",
            rb"outofmemory",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A client's connection broke; the server only notes it.",
        action="Nothing to do.",
        examples=(
            "Unexpected exception during request; channel = [id: 0x7f] java.io.IOException: Connection reset by peer",
        ),
        near_misses=(
            "Unexpected exception during request; java.lang.NullPointerException: null",
            "Exception in thread MutationStage",
        ),
    ),
    Signature(
        name="cassandra.damaged",
        patterns=(
            rb"corruptsstableexception",
            rb"corruptblockexception",
            rb"malformed_sstable_exception",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="A data file of this node is damaged: the disk below, or an unclean end.",
        action="Take the file out or scrub it, repair from the replicas, check the disk.",
        examples=(
            "org.apache.cassandra.io.compress.CorruptBlockException: (/srv/c/nb-9-big-Data.db): corruption detected",
        ),
        near_misses=("Compacted 4 sstables to level 0", "Opening /srv/c/nb-9-big"),
    ),
    Signature(
        name="cassandra.request_timed_out",
        patterns=(
            rb"cassandra timeout during [^\n]{0,40}(?:read|write)[^\n]{0,40} query at consistency",
            rb"coordinator node timed out waiting for replica",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.76,
        reason="The nodes did not answer one statement in time; drivers try others.",
        action="Nothing for one; if they are many, look at load and collections of the nodes.",
        examples=("ReadTimeoutException: Cassandra timeout during read query at consistency QUORUM",),
        near_misses=("Cannot achieve consistency level QUORUM", "query at consistency ONE planned"),
    ),
    Signature(
        name="cassandra.batch_too_large",
        patterns=(rb"batch[^\n]{0,80} is of size [\d.]{1,12}(?:kib)?, exceeding specified threshold",),
        unless=(
            rb"failure threshold",
            rb"fail_threshold",
        ),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="The code puts more into one batch than the nodes are good for; it was taken.",
        action="Tell the owner: smaller batches, or single statements of one partition.",
        examples=("Batch for [shop.lines] is of size 9120, exceeding specified threshold of 5120 by 4000.",),
        near_misses=(
            "Batch for [shop.lines] is of size 99120, exceeding specified failure threshold",
            "batch of size 12 written",
        ),
    ),
    Signature(
        name="cassandra.write_timed_out",
        patterns=(
            rb"failed to apply mutation from [^\n]{1,80}mutation_write_timeout_exception",
            rb"can't send migration request: node [\w.:]{3,60} is down",
            rb"repair\[[0-9a-f-]{8,40}\]: failed - \d{1,6} out of",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="Another node of the ring does not answer: writes of it are kept back or lost.",
        action="See which node is down and bring it back; repair it afterwards.",
        examples=(
            (
                "storage_proxy - Failed to apply mutation from 10.0.1.89#2: "
                "exceptions::mutation_write_timeout_exception (Operation timed out)"
            ),
        ),
        near_misses=("Coordinator node timed out waiting for replica nodes' responses", "Compacted 4 sstables"),
    ),
)
