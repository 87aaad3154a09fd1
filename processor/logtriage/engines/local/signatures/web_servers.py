"""nginx and Apache."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="nginx.upstream_closed",
        patterns=(
            rb"upstream prematurely closed connection",
            rb"recv\(\) failed \(104: connection reset by peer\) while reading (?:response header )?from upstream",
            rb"ah01102: error reading status line from remote server",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason="The server behind closed a connection in the middle of a request; one such break is a blip.",
        action=(
            "Nothing for one; if they are many, look for restarts or crashes behind the proxy and keep-alive limits."
        ),
        examples=("upstream prematurely closed connection, request: GET /items",),
        near_misses=(
            "connect() failed (111: Connection refused) while connecting to upstream",
            "client prematurely closed connection",
        ),
    ),
    Signature(
        name="nginx.upstream_timeout",
        patterns=(
            rb"upstream timed out \(110",
            rb"ah01075: error dispatching request to [^\n]{0,40}: \(polling\)",
            rb"the timeout specified has expired",
            rb"upstream request timeout",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.75,
        reason="The server behind the proxy did not answer in time.",
        action="Look at the latency and load of the server behind; raise the timeout only if it is meant to be slow.",
        examples=("upstream timed out (110: Connection timed out) while reading response header from upstream",),
        near_misses=(
            "client timed out (110: Connection timed out) while waiting for request",
            "upstream response is buffered to a temporary file",
        ),
    ),
    Signature(
        name="nginx.upstream_down",
        patterns=(
            rb"no live upstreams while connecting to upstream",
            rb"\(111: connection refused\) while connecting to upstream",
            rb"\(113: no route to host\) while connecting to upstream",
            rb"no healthy upstream",
            rb"upstream connect error or disconnect/reset before headers",
            rb"ah00957: ",
            rb"ah01114: ",
            rb"upstream_reset_before_response_started",
            rb"has no server available!?",
            rb"\bnosrv\b",
            rb"backend [^\n]{1,60} has no server",
            rb"server [\w./:-]{1,80} is down\b",
            rb"connect\(\) to unix:[^\n]{1,120} failed \((?:2|111): [^\n]{1,40}\) while connecting to upstream",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        settles=True,
        reason="The proxy has no server behind it that answers.",
        action="Check the servers behind the proxy: are they up, healthy, and registered under the right address?",
        examples=(
            "no live upstreams while connecting to upstream, client: 10.0.0.9",
            "backend 'cart' has no server available!",
        ),
        near_misses=(
            "upstream prematurely closed connection, request: GET /cart",
            "Server cart/web1 is UP, reason: Layer7 check passed",
        ),
    ),
    Signature(
        name="nginx.stranger_handshake",
        patterns=(
            (
                rb"ssl_do_handshake\(\) failed[^\n]{0,120}(?:version too low|unsupported protocol|no shared cipher"
                rb"|wrong version number|http request|bad key share|unknown protocol|unexpected message|inappropriate"
                rb" fallback|packet length too long)"
            ),
            rb"peer closed connection in ssl handshake",
            rb"connection closed during ssl handshake",
            rb"client sent plain http request to https port",
            rb"client sent invalid (?:request|method|header line)",
            rb"client sent http/1\.1 request without \"host\" header",
            rb"<badreq>",
            rb"badreq/<nosrv>",
        ),
        unless=(rb"ssl handshaking to upstream",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="Somebody outside with old or no TLS knocked at the port and was refused: a scanner or a port check.",
        action="Nothing to do.",
        examples=(
            (
                "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL "
                "handshaking, client: 203.0.113.9"
            ),
        ),
        near_misses=(
            "SSL_do_handshake() failed (SSL: certificate verify failed) while SSL handshaking to upstream",
            'cannot load certificate "/etc/tls/cart.pem": BIO_new_file() failed',
        ),
    ),
    Signature(
        name="nginx.file_asked_for_is_missing",
        patterns=(
            rb"no mapping for (?:get|post|put|head|delete) ",
            rb"no route found for \"get ",
            rb"directory index forbidden by rule",
            rb"open\(\) \"[^\"\n]{1,200}\" failed \(2: no such file or directory\)",
            rb"(?:favicon\.ico|robots\.txt|apple-touch-icon)[^\n]{0,60}(?:not found|no such file|404)",
            rb"file does not exist: /",
            rb"access forbidden by rule",
            rb"directory index of \"[^\"\n]{1,160}\" is forbidden",
            rb"ah01276: cannot serve directory",
            rb"ah01630: client denied by server configuration",
        ),
        unless=(
            rb"exception|hdfs|hadoop",
            rb"\[emerg\]",
            rb"ssl_certificate",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.65,
        reason="A client asked for a file that is not there, or that it may not have.",
        action="Nothing to do, unless the path is one of ours.",
        examples=('open() "/srv/www/backup.zip" failed (2: No such file or directory), client: 203.0.113.9',),
        near_misses=(
            'open() "/etc/nginx/mime.types" failed (2: No such file or directory) in [emerg] configuration',
            'open() "/srv/www/cart.js" failed (13: Permission denied)',
        ),
    ),
    Signature(
        name="nginx.request_too_large",
        patterns=(
            rb"upstream sent invalid header",
            rb"request entity too large",
            rb"maximum request length exceeded",
            rb"payload too large",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.72,
        reason="A request or header was larger than the proxy takes; it was refused.",
        action="If the size is legitimate, raise the limit; else find the sender.",
        examples=("System.Web.HttpException: Maximum request length exceeded.",),
        near_misses=("a client request body is buffered to a temporary file", "413 connections active"),
    ),
    Signature(
        name="nginx.config",
        patterns=(
            rb"syntax error on line \d{1,6} of",
            rb"unable to find required ",
            (
                rb"\[emerg\][^\n]{0,200}(?:unknown directive|invalid number of arguments|unexpected \"|host not found"
                rb"|directive is (?:not allowed|duplicate)|no such file|bind\(\) to)"
            ),
            rb"cannot load certificate",
            rb"unknown \"[^\"\n]{1,40}\" variable",
            rb"configuration file [^\n]{1,80} test failed",
            rb"error\(s\) found in configuration file",
            rb"rewrite or internal redirection cycle",
            rb"fatal errors found in configuration",
            rb"invalid command '[^'\n]{1,60}', perhaps misspelled",
            rb"parsing \[[^\]\n]{1,80}:\d{1,6}\]",
            rb"unknown keyword '[^'\n]{1,60}' in",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="The proxy does not accept its configuration: it will not start or reload.",
        action="Correct the line that the record names, test the configuration, reload.",
        examples=('[emerg] 1#1: unknown directive "proxy_passs" in /etc/nginx/conf.d/cart.conf:4',),
        near_misses=(
            '[warn] 1#1: conflicting server name "cart" on 0.0.0.0:80, ignored',
            "[error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream",
        ),
    ),
    Signature(
        name="nginx.workers_used_up",
        patterns=(
            rb"worker_connections are not enough",
            rb"server reached maxrequestworkers",
            rb"proxy [\w.-]{1,60} reached process fd limit",
            rb"upstream_overflow",
            rb"overflow[^\n]{0,20}upstream_rq_pending",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The proxy is at its limit of connections, workers or requests.",
        action="Check whether the load is meant; then raise the limit or add replicas, else block its source.",
        examples=("1024 worker_connections are not enough",),
        near_misses=("worker process 33 exited with code 0", 'using the "epoll" event method'),
    ),
    Signature(
        name="nginx.client_rate_limited",
        patterns=(rb"limiting (?:requests|connections)(?: by zone)?, excess",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="One client asks faster than it may; the proxy holds it back as it was told.",
        action="Nothing to do.",
        examples=('limiting requests, excess: 5.120 by zone "login", client: 203.0.113.9',),
        near_misses=("1024 worker_connections are not enough", "limiting factor is the disk"),
    ),
    Signature(
        name="apache.script_failed",
        patterns=(
            rb"end of script output before headers",
            rb"malformed header from script",
            rb"callable returned without starting response",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.72,
        reason="The program behind the server ended without an answer.",
        action="Run the program by hand with the same request; read what it printed before this record.",
        examples=("End of script output before headers: cart.cgi",),
        near_misses=("upstream sent too big header while reading response header from upstream", "script finished"),
    ),
)
