"""OpenTelemetry itself, Prometheus, Loki, Fluentd, Vector and other carriers of telemetry."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="otel.export_will_retry",
        patterns=(
            rb"exporting failed\. will retry the request after interval",
            rb"transient error [^\n]{1,60} encountered while exporting",
            rb"failed to export [^\n]{1,60}, retrying in",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.85,
        reason="The exporter did not get through and keeps the data for another try.",
        action="If it goes on, check the backend and the queue's length before it is full.",
        examples=("transient error UNAVAILABLE encountered while exporting carts",),
        near_misses=(
            "Exporting failed. Dropping data. no more retries left",
            "Everything is ready. Begin running and processing data.",
        ),
    ),
    Signature(
        name="otel.data_dropped",
        patterns=(
            rb"exporting failed\. (?:dropping data|rejecting data|no more retries left|try enabling)",
            rb"no more retries left",
            rb"chunk '[^'\n]{1,80}' cannot be retried",
            rb"final error sending batch",
            rb"giving up on batch",
            rb"events? (?:have|has) (?:likely )?been (?:lost|dropped)",
            rb"dropping (?:data|batch|chunk|spans|logs|metrics|events)",
            rb"failed to flush (?:the )?(?:buffer|chunk)[^\n]{0,60}(?:retry limit|no more|give up)",
            rb"chunk [^\n]{1,40} (?:has been |is )?(?:discarded|dropped)",
        ),
        unless=(
            rb"permanent error",
            rb"queue (?:is )?full",
            rb"status code (?:4\d\d)",
            rb"status=4\d\d",
            rb"behind expected position",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        settles=True,
        reason="The backend did not take the data in time; it was thrown away.",
        action="Check the backend and the way to it; enable a queue on disk if the loss matters.",
        examples=("Exporting failed. Dropping data, 400 items",),
        near_misses=("transient error UNAVAILABLE encountered while exporting carts", "sending queue is full"),
    ),
    Signature(
        name="otel.queue_full",
        patterns=(
            rb"listen queue of socket [^\n]{1,40} full",
            rb"sending[_ ]queue is full",
            rb"data refused due to high memory usage",
            rb"memory usage is above (?:soft|hard) limit",
            rb"buffer (?:is )?(?:full|overflow)",
            rb"queue (?:is )?(?:full|overflow)",
            rb"bufferoverflowerror",
            rb"ingestion rate limit exceeded",
            rb"maximum (?:active )?(?:stream|series) (?:limit )?(?:exceeded|reached)",
            rb"per-user (?:series|streams) limit",
            rb"max(?:imum)? (?:entry|line) size[^\n]{0,60}exceeded",
            rb"paused \([^)\n]{1,60}overlimit\)",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="A queue, buffer or limit of the telemetry path is full: data is turned away.",
        action="See whether the backend is slow or the volume grew; then raise the limit or cut the volume.",
        examples=("sending queue is full: rejecting 512 log records",),
        near_misses=("queue length 12 of 1000", "buffer flushed to disk"),
    ),
    Signature(
        name="otel.refused_for_good",
        patterns=(
            rb"permanent error: [^\n]{0,160}(?:401|403|unauthenticated|permissiondenied|unauthorized|forbidden)",
            (
                rb"(?:not retryable|non-retryable) error[^\n]{0,160}(?:401|403|unauthenticated"
                rb"|permissiondenied|unauthorized|forbidden)"
            ),
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The backend refuses the exporter's credential: nothing is delivered.",
        action="Renew the exporter's token or key and check its tenant and rights.",
        examples=("Permanent error: rpc error: code = Unauthenticated desc = bad key, request dropped",),
        near_misses=(
            "Permanent error: rpc error: code = InvalidArgument desc = bad name",
            "rpc error: code = Unavailable desc = down",
        ),
    ),
    Signature(
        name="otel.config",
        patterns=(
            rb"'[^'\n]{1,60}' has invalid keys: ",
            rb"unknown type: \"[^\"\n]{1,60}\" for id",
            rb"cannot unmarshal the configuration",
            rb"references (?:receiver|processor|exporter|extension) \"[^\"\n]{1,60}\" which is not configured",
            rb"failed to (?:resolve|get) config: ",
            rb"error loading config",
            rb"couldn't load configuration",
            rb"field \w{1,60} not found in type",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.85,
        reason="The program does not accept its configuration file.",
        action="Correct the key that the record names; a key that was valid before points to a changed version.",
        examples=('unknown type: "cartp" for id of exporter',),
        near_misses=("config reloaded", "transient error UNAVAILABLE encountered while exporting carts"),
    ),
    Signature(
        name="prometheus.samples_rejected",
        patterns=(
            rb"not a valid start token",
            rb"expected a valid start token",
            rb"out[- ]of[- ]order (?:samples?|entries|exemplar)",
            rb"entry out of order",
            rb"duplicate samples? for timestamp",
            rb"samples? with different value but same timestamp",
            rb"entry too far behind",
            rb"timestamp too (?:old|new)",
            rb"too old or are too far into the future",
            rb"greater_than_max_sample_age",
            rb"(?:label|metric) name[^\n]{0,60}(?:is )?invalid",
            rb"collected before with the same name and label values",
            rb"collected metric [^\n]{1,200} was collected before",
            rb"stream(?:s)? (?:has|have) too many labels",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.83,
        reason="Samples or entries came late, twice or misnamed and were turned away; the others were taken.",
        action="Look for two senders of one series and for wrong clocks; drop the duplicate.",
        examples=("collected metric cart_total: it was collected before with the same name and label values",),
        near_misses=("Error on ingesting: storage is read-only", "scrape pool created"),
    ),
    Signature(
        name="otel.host_metrics_denied",
        patterns=(
            rb"error scraping metrics[^\n]{0,200}(?:permission denied|no such file)",
            rb"error reading process [^\n]{1,80} for [^\n]{1,60}permission denied",
            rb"failed to read process[^\n]{0,120}permission denied",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.72,
        reason="The scraper cannot see some mounts or processes of the host; the rest is collected.",
        action="Leave the mounts or processes out in the scraper's settings, or give it the right to read them.",
        examples=(
            (
                'Error scraping metrics {"name": "hostmetrics", "error": "failed to read usage at '
                '/mnt/x: permission denied"}'
            ),
        ),
        near_misses=(
            'Error scraping metrics {"name": "redis", "error": "dial tcp 10.0.0.7:6379: connection refused"}',
            "open /etc/otel.yaml: permission denied",
        ),
    ),
    Signature(
        name="vector.buffer_position",
        patterns=(
            rb"behind expected position",
            rb"(?:corrupt|inconsistent) (?:wal|buffer|ledger|segment|chunk|index)",
            rb"segment[^\n]{0,40}corrupt",
            rb"wal [^\n]{0,40}corrupt",
            rb"wal (?:replay|repair) failed",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.62,
        rank=Rank.SPECIFIC,
        reason="What was kept on disk does not fit together: data is lost or may be.",
        action=(
            "Save the files, look for a crash or full disk before, report it to the software's owner, "
            "start with a clean buffer."
        ),
        examples=("writer: corrupt segment 12 in the buffer, WAL replay failed",),
        near_misses=("segment 12 compacted", "wal replay completed in 2 s"),
    ),
    Signature(
        name="telemetry.tail_or_watch",
        patterns=(
            rb"failed to tail file",
            rb"error while reading file[^\n]{0,60}file has been rotated",
            rb"file (?:was |has been )?truncated: ",
            rb"detected rotation of ",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.6,
        unless=(rb"permission denied", rb"too many open files"),
        reason="A followed file was rotated or removed; the reader goes on with the next.",
        action="Nothing to do.",
        examples=("detected rotation of /var/log/cart.log; waiting for the new file",),
        near_misses=("failed to tail file /var/log/cart.log: permission denied", "tailing file /var/log/cart.log"),
    ),
    Signature(
        name="otel.signal_not_taken",
        patterns=(
            rb"export[^\n]{0,500}(?:unimplemented|unknown service opentelemetry)",
            rb"exporting failed[^\n]{0,700}(?:status code 4(?:04|05|13|15)|http status code 4(?:04|05|13|15))",
            rb"export[^\n]{0,200}failed to connect to (?:localhost|127\.0\.0\.1)[^\n]{0,30}:43(?:17|18)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason=(
            "The receiver does not take this kind of data, or not in this size: the exporter points to the wrong place."
        ),
        action="Check the receiver's pipelines and its limits against what the exporter sends.",
        examples=("Failed to export spans to gw:4317, error code: StatusCode.UNIMPLEMENTED",),
        near_misses=(
            "transient error UNAVAILABLE encountered while exporting carts",
            "export of the ledger written",
        ),
    ),
)
