"""Mail, name, web and game servers, and queues of Ruby, PHP and Elixir programs."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="nginx.upstream_handshake_broken",
        patterns=(
            (
                rb"(?:peer closed connection|connection (?:closed|reset)[^\n]{0,40}"
                rb"|\(\d{1,3}: connection reset by peer\)) (?:in|during|while) ssl handshak[^\n]{0,80}to upstream"
            ),
            rb"peer closed connection in ssl handshake[^\n]{0,60} while ssl handshaking to upstream",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The server behind the proxy broke the TLS handshake off: the request got an error.",
        action="Look at that server and at the TLS settings of both sides.",
        examples=("[error] 7#7: *9 peer closed connection in SSL handshake while SSL handshaking to upstream",),
        near_misses=(
            "[info] 7#7: *9 peer closed connection in SSL handshake while SSL handshaking, client: 192.0.2.4",
            "upstream handshakes: 12",
        ),
    ),
    Signature(
        name="mail.process_stuck",
        patterns=(
            rb"initial status notification not received in \d",
            rb"process_limit \(\d{1,6}\) reached",
            rb"client_limit \(\d{1,6}\) reached",
            rb"child process \d{1,8} [^\n]{0,40}timed out, killing",
            rb"service\([\w-]{1,30}\): child \d{1,8} killed with signal 9",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A process of the mail server did not get going or has no place left: logins are refused.",
        action="Look at the host's load and memory; raise the limit that the record names.",
        examples=(
            "master: Error: service(lmtp): Initial status notification not received in 30 seconds, killing the process",
        ),
        near_misses=(
            "status notification received",
            "imap-login: Disconnected (no auth attempts)",
        ),
    ),
    Signature(
        name="mail.index_repaired",
        patterns=(
            rb"corrupted index cache file",
            rb"corrupted (?:transaction|dbox) (?:log )?(?:file|index)",
            rb"broken file [^\n]{1,160}(?:fixed|uidlist|uid)",
            rb"fixed index file ",
            rb"rebuilding index|index (?:was )?rebuilt",
            rb"cached message size (?:smaller|larger) than expected",
        ),
        also=(rb"dovecot|imap|pop3|lmtp|lda",),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="An index of one mailbox was broken; the mail server builds it again by itself.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("imap(rose): Warning: fixed index file /srv/mail/rose/dovecot.index: first_recent_uid",),
        near_misses=(
            "index of the city register is broken",
            "corrupted page in base/1/2",
        ),
    ),
    Signature(
        name="dns.one_name_not_resolved",
        patterns=(
            rb"servfail [^\n]{1,160}exceeded the maximum (?:number of sends|nameserver nxdomains)",
            (
                rb"servfail [^\n]{1,160}(?:all servers for this domain failed"
                rb"|all the configured stub or forward servers failed|no server to query|misc failure)"
            ),
            rb"dnsproxy: [^\n]{1,300}(?:i/o timeout|exchanging with)",
            rb"upstream [^\n]{1,80} failed to exchange ",
            (
                rb"(?:timed out|connection refused|unexpected rcode|host unreachable"
                rb"|network unreachable) (?:\(servfail\) )?resolving \'"
            ),
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="The resolver got no answer for one name from the servers of others.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("error: SERVFAIL [till.example.org. A IN]: exceeded the maximum number of sends",),
        near_misses=(
            "named: zone till.example.org/IN: not loaded due to errors.",
            "the letter exceeded the maximum weight",
        ),
    ),
    Signature(
        name="game.watchdog_stopped_answering",
        patterns=(
            rb"server has not responded for \d{1,5} seconds!",
            rb"the server has stopped responding!",
            rb"a single server tick took \d",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The main thread of the game server has stood still for seconds; the watchdog writes down what it did.",
        action="Read the frames under the main thread for the extension that holds it.",
        examples=("[Watchdog/ERROR]: The server has not responded for 12 seconds! A dump follows",),
        near_misses=(
            "the player has not responded",
            "server responded in 12 seconds",
        ),
    ),
    Signature(
        name="game.watchdog_advice",
        patterns=(
            rb"do not report this to paper",
            rb"if you see a plugin in the server thread dump",
            rb"be sure to include all relevant console errors",
            rb"if you see a world save or edit",
            rb"\*especially\* if it looks like http",
            rb"if this is the case, consider increasing timeout-time",
            rb"moved (?:too quickly|wrongly)!",
            rb"handledisconnection\(\) called twice",
            rb"mismatch in destroy block pos",
            rb"ignoring (?:entity with duplicated|unknown attribute)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="A line of advice around the dump of the watchdog, or a remark on one player's moves.",
        action="Nothing to do.",
        examples=("rose moved too quickly! 11.2,0.0,-3.1",),
        near_misses=(
            "the watchdog ended the server",
            "plugin till failed",
        ),
    ),
    Signature(
        name="game.extension_failed",
        patterns=(
            rb"could not pass event \w{1,60} to ",
            rb"error occurred while (?:en|dis)abling \w{1,60} v",
            rb"could not load \'plugins[/\\]",
            rb"exception ticking (?:world|entity|block entity)",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="An extension of the game server raised an error and is off, or did not take an event.",
        action="Update or remove the extension; see whether it fits the version of the server.",
        examples=("Could not pass event TillOpenEvent to Shop v1.2",),
        near_misses=(
            "the event was passed to the till",
            "Could not load the picture",
        ),
    ),
    Signature(
        name="sidekiq.redis_late",
        patterns=(
            (
                rb"\bwarn: redis(?:client)?::(?:timeouterror|connectionerror|cannotconnecterror"
                rb"|readtimeouterror|baseconnectionerror)"
            ),
            rb"redis network connection is performing extremely poorly",
            rb"heartbeat: (?:connection timed out|waited \d)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="A worker waited too long for Redis; it asks again by itself.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("pid=9 tid=k2 WARN: RedisClient::ReadTimeoutError: Waited 1.0 seconds",),
        near_misses=(
            "ERROR: OOM command not allowed",
            "the heartbeat of the till is well",
        ),
    ),
    Signature(
        name="ruby.redis_unreachable",
        patterns=(
            rb"error connecting to redis on ",
            rb"redis::cannotconnecterror",
            rb"redisclient::cannotconnecterror",
        ),
        unless=(
            rb"wrongpass|noauth|invalid password|certificate",
            rb"\bwarn: redis",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The program cannot open a connection to Redis.",
        action="See that Redis is up at that address and that the network lets the program through.",
        examples=("Error connecting to Redis on 192.0.2.8:6379 (Redis::TimeoutError)",),
        near_misses=(
            "connected to redis on 192.0.2.8",
            "WRONGPASS for redis on 192.0.2.8",
        ),
    ),
    Signature(
        name="elixir.stale_build",
        patterns=(
            rb"\(exit\) :undef\b",
            rb"reason: \{:undef,",
            rb"undefinedfunctionerror",
            rb"\{undef, ?\[\{",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A module or function that the running code calls is not in the release.",
        action="Build the release again from clean sources and deploy all of it.",
        examples=("[error] Ranch protocol of listener Till.HTTP terminated\n** (exit) :undef",),
        near_misses=(
            "undefined behaviour of the till",
            "** (exit) :normal",
        ),
    ),
)
