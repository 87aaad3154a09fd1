"""Elasticsearch and OpenSearch: versions, damage, remarks on old forms."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="elasticsearch.upgrade_path",
        patterns=(
            rb"cannot (?:upgrade|downgrade) a node from version",
            rb"minimum compatible (?:index|wire) version",
            rb"was created with version \[[\d.]{3,12}\][^\n]{0,40}but the minimum compatible",
            rb"node with version \[[\d.]{3,12}\] may not join a cluster",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The data or the cluster is of a version that this one cannot take over in one step.",
        action="Go back to the version before, upgrade by the versions that the record names.",
        examples=("cannot downgrade a node from version [8.11.0] to version [8.9.1]",),
        near_misses=("upgrading the index metadata for [orders]", "node version [8.11.0] started"),
    ),
    Signature(
        name="elasticsearch.shard_damaged",
        patterns=(
            rb"corruptindexexception",
            rb"checksum failed \(hardware problem",
            rb"translogcorruptedexception",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The files of a shard are damaged: the disk below, or an unclean end.",
        action="Let the shard be built from a replica; check the disk of that node.",
        examples=("org.apache.lucene.index.CorruptIndexException: codec footer mismatch (file truncated?)",),
        near_misses=("mapper_parsing_exception: failed to parse field [status]", "marking shard as in-sync"),
    ),
    Signature(
        name="elasticsearch.old_form",
        patterns=(
            rb"\]\[o\.e\.d\.[\w.]{1,40} {0,20}\]",
            rb"\]\[o\.o\.d\.[\w.]{1,40} {0,20}\]",
            rb"\"type\": ?\"deprecation",
            rb"org\.(?:elasticsearch|opensearch)\.deprecation",
        ),
        unless=(
            rb"\[error",
            rb"failed to ",
            rb"zendiscovery",
            rb"o\.e\.d\.z\.",
            rb"peerfinder",
            rb"o\.e\.d\.\w{0,12}discovery",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A remark on what a later version will no longer take; it works now.",
        action="Nothing to do.",
        examples=(
            "[2031-01-01T00:00:00,000][WARN ][o.e.d.c.s.Settings       ] [n1] [node.max_local] setting was deprecated",
        ),
        near_misses=(
            "[WARN ][o.e.c.c.ClusterFormationFailureHelper] [n1] master not discovered yet",
            "[ERROR][o.e.b.Bootstrap] [n1] Exception",
        ),
    ),
)
