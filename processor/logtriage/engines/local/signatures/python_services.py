"""Servers, workers and schedulers written in Python."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="gunicorn.worker_killed",
        patterns=(
            rb"execution expired \(timeout::error",
            rb"hard time limit \(",
            rb"worker \(pid:\d{1,8}\) was sent sigkill",
            rb"\bworker timeout \(pid",
            rb"perhaps out of memory\?",
            rb"workerlosterror",
            rb"process '[^'\n]{1,40}' pid:\d{1,8} exited with 'signal 9",
            rb"worker exited prematurely: signal 9",
            rb"a worker (?:process )?(?:in the process pool )?was terminated",
        ),
        unless=(rb"exitcode 0\b",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="A worker was killed: it used too much memory or too much time.",
        action=(
            "Check memory of the workers at that time and the request they were in; look for an out-of-memory message."
        ),
        examples=("[CRITICAL] WORKER TIMEOUT (pid:811)", "Worker (pid:811) was sent SIGKILL! Perhaps out of memory?"),
        near_misses=("Worker exiting (pid: 811)", "Booting worker with pid: 811"),
    ),
    Signature(
        name="celery.broker_lost",
        patterns=(
            rb"consumer: cannot connect to [^\n]{1,120}",
            rb"connection to broker lost",
            rb"substantial drift from ",
            rb"missed heartbeat from ",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="The worker lost its broker or its peers for a moment and connects again by itself.",
        action="If it goes on, check the broker's health and the way to it.",
        examples=("consumer: Cannot connect to amqp://svc:**@mq:5672//: [Errno 104]. Trying again in 2.00 seconds...",),
        near_misses=("Connected to amqp://svc:**@mq:5672//", "Received unregistered task of type 'shop.sync'."),
    ),
    Signature(
        name="celery.unregistered_task",
        patterns=(rb"received unregistered task of type",),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="A task arrived that this worker's version of the code does not know; it was thrown away.",
        action="Deploy workers and senders of one version, workers first; send the lost tasks again.",
        examples=("Received unregistered task of type 'shop.sync'.",),
        near_misses=("Task shop.sync[1] received", "Task shop.sync[1] raised unexpected: KeyError('sku')"),
    ),
    Signature(
        name="django.bad_host",
        patterns=(
            rb"invalid http_host header",
            rb"disallowedhost",
            rb"you may need to add [^\n]{1,80} to allowed_hosts",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.75,
        reason="A request for a host name that is not ours was refused: mostly a scanner.",
        action="Nothing to do, unless the name is one of ours.",
        examples=("DisallowedHost at /cart: Invalid HTTP_HOST header: '203.0.113.9'",),
        near_misses=("Invalid HTTP header name in settings", "could not resolve host: cart"),
    ),
    Signature(
        name="airflow.zombie",
        patterns=(
            rb"detected (?:as )?zombie",
            rb"detected zombie job",
            rb"executor reports task instance [^\n]{1,200} finished \(failed\) although",
            rb"heartbeat timed out, killing",
            rb"the scheduler does not appear to be running",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.55,
        reason="A task's process is gone without a word: killed, evicted, or cut off from the database.",
        action="Look for a kill for lack of memory or an evicted worker at that time; clear the task to run it again.",
        examples=("Detected zombie job: {'msg': 'Detected as zombie'}",),
        near_misses=("Marking task as SUCCESS. dag_id=nightly", "zombie threshold set to 300"),
    ),
    Signature(
        name="airflow.dag_import",
        patterns=(rb"broken dag: ", rb"failed to import: "),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.6,
        rank=Rank.SYMPTOM,
        reason="A workflow file cannot be loaded.",
        action="Read the error behind it; correct the file or the packages of the scheduler.",
        examples=("Broken DAG: [/opt/dags/nightly.py] Traceback (most recent call last):",),
        near_misses=(
            "Broken DAG: [/opt/dags/n.py] ModuleNotFoundError: No module named 'shop'",
            "DAG nightly has 4 tasks",
        ),
    ),
    Signature(
        name="gunicorn.worker_ended",
        patterns=(
            rb"worker with pid \d{1,8} was terminated due to signal (?:6|9|1)\b",
            rb"soft time limit \([^)\n]{1,20}\) exceeded",
            rb"seems busy \(you may need to increase",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.66,
        reason="The server ended one worker and starts another.",
        action="If it goes on, look at the requests that take so long and at the memory of the workers.",
        examples=("Soft time limit (60s) exceeded for cart.mail",),
        near_misses=(
            "[CRITICAL] WORKER TIMEOUT (pid:811)",
            "worker 77 of cart ended by signal 11",
        ),
    ),
    Signature(
        name="celery.broker_gone",
        patterns=(
            rb"cannot connect to [^\n]{1,200}\n?[^\n]{0,80}\((?:[2-9]\d|\d{3,4})/\d{2,4}\)",
            rb"trying again in [\d.]{1,8} seconds\.\.\. \((?:[2-9]\d|\d{3,4})/\d{2,4}\)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        settles=True,
        reason="The worker has tried for long and has not got its broker back: no task runs.",
        action="Check the broker's health and the way to it.",
        examples=(
            "consumer: Cannot connect to amqp://svc:**@mq:5672//: timed out. Trying again in 32.00 seconds... (41/100)",
        ),
        near_misses=(
            "consumer: Cannot connect to amqp://svc:**@mq:5672//: timed out. Trying again in 4.00 seconds... (2/100)",
            "Connected to amqp://svc:**@mq:5672//",
        ),
    ),
)
