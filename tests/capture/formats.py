"""Say how the records of each captured service are told apart, and where the program itself writes their level."""

import re
from dataclasses import dataclass

# The program's word, in lower case, to the name and number of OpenTelemetry.
# https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
DEBUG, INFO, WARN, ERROR, FATAL = ("DEBUG", 5), ("INFO", 9), ("WARN", 13), ("ERROR", 17), ("FATAL", 21)
LEVELS = {
    **dict.fromkeys(("debug", "debg", "d", "10", "20"), DEBUG),
    **dict.fromkeys(("info", "log", "note", "notice", "trac", "30", "*"), INFO),
    **dict.fromkeys(("warn", "warning", "deprecated", "40", "#"), WARN),
    **dict.fromkeys(("error", "err", "severe", "crit", "alert", "parse error", "fatal error", "openssl error"), ERROR),
    **dict.fromkeys(("erro", "50"), ERROR),
    **dict.fromkeys(("fatal", "panic", "emerg", "critical", "60"), FATAL),
}
# HAProxy's `short` format writes the number of a syslog severity.
SYSLOG = {"0": FATAL, "1": ERROR, "2": ERROR, "3": ERROR, "4": WARN, "5": INFO, "6": INFO, "7": DEBUG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Name a program; `version` is the command that prints its version, `package` the Debian package that brings it."""

    name: str
    version: tuple[str, ...]
    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Describe one service's log.

    `head` matches the first line of a record; every other line belongs to the record above it. Its group `level`, or a
    match of `level` in the whole record, is the program's word for the level; without one the record has no severity.
    Records in which `skip` is found are not selected.
    """

    program: str
    head: str = r"\S"
    level: str = ""
    levels: tuple[tuple[str, tuple[str, int]], ...] = ()
    skip: str = ""


PROGRAMS = {
    "postgresql": Program(
        name="postgresql", version=("/usr/lib/postgresql/15/bin/postgres", "--version"), package="postgresql-15"
    ),
    "redis": Program(name="redis", version=("redis-server", "--version"), package="redis-server"),
    "nginx": Program(name="nginx", version=("nginx", "-v"), package="nginx-light"),
    "haproxy": Program(name="haproxy", version=("haproxy", "-v"), package="haproxy"),
    "java": Program(name="openjdk", version=("java", "-version"), package="openjdk-17-jdk-headless"),
    "python": Program(name="python", version=("/usr/bin/python3", "--version"), package="python3"),
    "node": Program(name="node", version=("node", "--version"), package="nodejs"),
    "go": Program(name="go", version=("go", "version"), package="golang-go"),
    "curl": Program(name="curl", version=("curl", "--version"), package="curl"),
    "dnsmasq": Program(name="dnsmasq", version=("dnsmasq", "--version"), package="dnsmasq-base"),
    "unbound": Program(name="unbound", version=("unbound", "-V"), package="unbound"),
    "mariadb": Program(name="mariadb", version=("mariadbd", "--version"), package="mariadb-server"),
    "openssh": Program(name="openssh", version=("ssh", "-V"), package="openssh-server"),
    "apache": Program(name="apache", version=("apache2", "-v"), package="apache2"),
    "php": Program(name="php", version=("php", "--version"), package="php-cli"),
    "ruby": Program(name="ruby", version=("ruby", "--version"), package="ruby"),
    "mosquitto": Program(name="mosquitto", version=("mosquitto", "-h"), package="mosquitto"),
    "prometheus": Program(name="prometheus", version=("prometheus", "--version"), package="prometheus"),
    "alertmanager": Program(
        name="alertmanager", version=("prometheus-alertmanager", "--version"), package="prometheus-alertmanager"
    ),
    "etcd": Program(name="etcd", version=("etcd", "--version"), package="etcd-server"),
    "supervisor": Program(name="supervisor", version=("supervisord", "--version"), package="supervisor"),
    "gunicorn": Program(name="gunicorn", version=("gunicorn", "--version"), package="gunicorn"),
    "uvicorn": Program(
        name="uvicorn", version=("/usr/bin/python3", "-m", "uvicorn", "--version"), package="python3-uvicorn"
    ),
    "coreutils": Program(name="coreutils", version=("cp", "--version"), package="coreutils"),
    "git": Program(name="git", version=("git", "--version"), package="git"),
    "sqlite": Program(name="sqlite", version=("sqlite3", "--version"), package="sqlite3"),
    "openssl": Program(name="openssl", version=("openssl", "version"), package="openssl"),
    "celery": Program(name="celery", version=("/opt/shop/bin/celery", "--version"), package="celery(pip)"),
    "rabbitmq": Program(name="rabbitmq", version=("rabbitmqctl", "version"), package="rabbitmq-server"),
    "pika": Program(name="pika", version=("/opt/shop/bin/python", "-m", "pip", "show", "pika"), package="pika(pip)"),
    "shop-python": Program(name="python", version=("/opt/shop/bin/python", "--version"), package="python3"),
    "zookeeper": Program(
        name="zookeeper", version=("dpkg-query", "-W", "libzookeeper-java"), package="libzookeeper-java"
    ),
    "kubectl": Program(name="kubectl", version=("kubectl", "version", "--client"), package="kubernetes-client"),
    "builds": Program(name="builds", version=("gcc", "--version"), package="gcc"),
    "rust": Program(name="rust", version=("rustc", "--version"), package="rustc"),
    "pgbouncer": Program(name="pgbouncer", version=("pgbouncer", "--version"), package="pgbouncer"),
    "otelcol": Program(name="otelcol", version=("otelcol", "--version"), package="otelcol(go)"),
    "squid": Program(name="squid", version=("squid", "-v"), package="squid"),
    "linux": Program(name="linux", version=("uname", "-r"), package="util-linux"),
}

_SIGNAL = r"^\d+:signal-handler"
_DAY = r"\d{4}-\d\d-\d\d"
FORMATS = {
    # DETAIL, HINT, CONTEXT and STATEMENT lines carry the prefix as well and are part of the record above them.
    "orders-db": Format(
        program="postgresql", head=_DAY + r" [\d:.]+ \w+ \[\d+\] (?P<level>LOG|ERROR|FATAL|PANIC|WARNING):"
    ),
    "cart-cache": Format(
        program="redis", head=r"\d+:[A-Z] .{24} (?P<level>[*#]) |\d+:signal|\*\*\* (?P<fatal>FATAL) ", skip=_SIGNAL
    ),
    "cart-replica": Format(program="redis", head=r"\d+:[A-Z] .{24} (?P<level>[*#]) |\d+:signal", skip=_SIGNAL),
    "cart-job": Format(program="redis"),
    "web-gateway": Format(program="nginx", head=r"\d{4}/\d\d/\d\d [\d:]+ \[(?P<level>\w+)\]|nginx: "),
    "edge-lb": Format(program="haproxy", head=r"<(?P<number>\d)>|\[(?P<level>\w+)\]", levels=tuple(SYSLOG.items())),
    "billing": Format(
        program="java",
        head=r"\w{3} \d+, \d{4} [\d:]+ [AP]M |Exception in thread|Error: |Unrecognized VM|Error occurred|Invalid ",
        level=r"^(SEVERE|WARNING|INFO): ",
    ),
    "checkout": Format(program="python", head=_DAY + r" [\d:]+,\d{3} (?P<level>\w+) \["),
    "notifications": Format(program="node", head=r"\{", level=r'^\{"level":(\d+),'),
    "webhooks": Format(
        program="node", head=r"/srv/\S+:\d+$|node:\S+:\d+$|webhook|report started|\(node:|<--- Last few"
    ),
    "inventory": Format(
        program="go", head=r"\{|\d{4}/\d\d/\d\d [\d:]+ http: ", level=r'^\{"time":"[^"]+","level":"(\w+)"'
    ),
    "inventory-worker": Format(
        program="go", head=r"\{|panic: |fatal error: ", level=r'^\{"time":"[^"]+","level":"(\w+)"'
    ),
    "price-feed": Format(program="curl", head=r"curl: |(?P<level>Warning): Problem|\*"),
    "dns-cache": Format(program="dnsmasq"),
    "dns-resolver": Format(
        program="unbound",
        head=r"\[\d+\] unbound\[\S+\] (?P<level>fatal error|error|warning|notice|info): |\S+:\d+: error|read ",
    ),
    "crm-db": Format(program="mariadb", head=_DAY + r" +[\d:]+ \d+ \[(?P<level>\w+)\]|Version: "),
    "crm-db-sql": Format(program="mariadb", head=_DAY + r" [\d:]+ .*?(?P<level>ERROR) \d+: "),
    "bastion": Format(program="openssh", head=r"[^@\s]"),
    "deploy-job": Format(
        program="openssh",
        head=r"@{30,}\r?\n@    WARN|"
        r"(?!@|IT IS|Someone|It is|The finger|SHA256|Please|Add corr|Offending|Host key for)\S",
    ),
    "storefront": Format(
        program="apache", head=r"\[\w{3} [^\]]+\] \[\w+:(?P<level>\w+)\]|AH\d+: |apache2: |\(\d+\)|no listen"
    ),
    "legacy-shop": Format(
        program="php", head=r"\[\w{3} [^\]]+\] (?:PHP (?P<level>Fatal error|Parse error|Warning|Notice|Deprecated): )?"
    ),
    "legacy-cron": Format(
        program="php", head=r"PHP (?P<level>Fatal error|Parse error|Warning): |report|Could not open"
    ),
    "invoices": Format(
        program="ruby", head=r"\w, \[[^\]]+\] +(?P<level>\w+) -- |\S+\.rb:\d+:in `<main>': |s\.rb|ruby: "
    ),
    "sensor-broker": Format(
        program="mosquitto", head=r"[\dTZ:-]{10,}: (?:(?P<level>Error|Warning|OpenSSL Error)\b)?(?!\t)"
    ),
    "sensor-job": Format(program="mosquitto", head=r"(?:(?P<level>Error)\b)?\S", skip=r"^Use "),
    "metrics": Format(program="prometheus", head=r"ts=\S+ .*?\blevel=(?P<level>\w+)"),
    "alerts": Format(program="alertmanager", head=r"ts=\S+ .*?\blevel=(?P<level>\w+)"),
    "config-store": Format(program="etcd", head=r"\{|(?P<level>[A-Z]{4,}): ", level=r'^\{"level":"(\w+)"'),
    "config-job": Format(program="etcd", head=r"(?P<level>Error): |\S", level=r'^\{"level":"(\w+)"'),
    "job-runner": Format(program="supervisor", head=_DAY + r" [\d:,]+ (?P<level>\w+) "),
    "job-ctl": Format(program="supervisor"),
    "catalog-api": Format(
        program="gunicorn", head=r"\[" + _DAY + r" [^\]]+\] \[\d+\] \[(?P<level>\w+)\]|Failed to find"
    ),
    "search-api": Format(program="uvicorn", head=r"(?P<level>[A-Z]{4,8}): "),
    "backup-job": Format(program="coreutils"),
    "release-job": Format(
        program="git", head=r"fatal: |error: |warning: |Cloning|There is no|To |CONFLICT|Auto-merging|Automatic"
    ),
    "stock-job": Format(program="sqlite"),
    "cert-check": Format(program="openssl", head=r"(?!error |[0-9A-F]{16}:|connect:)\S"),
    "node-kernel": Format(
        program="linux",
        head=r"\w+ *:(?P<level>\w+) *: ",
        skip=r"\]  |\] (R[A-Z0-9]{2}|Code|Call Trace|\w+ \d+$|[a-z_+]+: usage|\[)",
    ),
}

_KLOG = (("E", ERROR), ("W", WARN), ("I", INFO), ("F", FATAL))
_POSTGRES = _DAY + r" [\d:.]+ \w+ \[\d+\] (?P<level>LOG|ERROR|FATAL|PANIC|WARNING):"
_MARIADB = _DAY + r" +[\d:]+ \d+ \[(?P<level>\w+)\]|Version: "
_PYTHON = _DAY + r" [\d:]+,\d{3} (?P<level>\w+) \["
# The services of the scenarios in `golden/`.
FORMATS |= {
    "mail-worker": Format(
        program="celery", head=r"\[" + _DAY + r" [^\]]+: (?P<level>[A-Z]+)/|/opt/\S+Warning: |Usage: "
    ),
    # RabbitMQ writes its prefix before every line of a message: those that only explain the line above belong to it.
    "event-bus": Format(
        program="rabbitmq",
        head=_DAY + r" \S+ \[(?P<level>\w+)\] <[\d.]+> "
        r"(?=\S)(?! *operation |PLAIN login|vhost \S+ not found|\{bad_|client unexp|missed heart|\*)",
    ),
    "event-job": Format(program="pika", head=_PYTHON),
    "basket": Format(program="node", head=r"\{|\(node:", level=r'^\{"level":"(\w+)"'),
    "loyalty": Format(program="shop-python", head=_PYTHON + "|Exception in thread"),
    "lock-service": Format(program="zookeeper", head=_DAY + r" [\d:]+,\d{3} \[[^\]]*\] - (?P<level>\w+) "),
    "release-pipeline": Format(program="kubectl", head=r"(?:(?P<level>[EWIF])\d{4} )?\S", levels=_KLOG),
    "build-job": Format(
        program="builds",
        head=r"error|warning|make: |Makefile|M3:|\w+\.c:\d+:\d+: \w|# |\w+\.go:|--- FAIL|\w+\.java:\d+: |"
        r"npm error code|go: |> shop|npm error Missing|(?:ERROR|WARNING): |"
        r"  File \"s.py|/usr/bin/ld: |collect2|FAIL|\w+\.c: In|Looking in|false$|sh: ",
    ),
    "ledger": Format(program="rust", head=r"thread '|Error: |memory allocation|\[rest\]"),
    "parcel": Format(program="shop-python", head=_PYTHON),
    "parcel-db": Format(program="postgresql", head=_POSTGRES),
    "parcel-cache": Format(program="redis", head=r"\d+:[A-Z] .{24} (?P<level>[*#]) "),
    # Verdicts of tools that ask whether a server is up; a tool's second line belongs to its first.
    "start-check": Format(program="curl", head=r"(?!\tIs the|Check that|\s|$|error: ')(?:(?P<level>Warning): )?\S"),
    "billing-db": Format(program="postgresql", head=_POSTGRES),
    "billing-standby": Format(program="postgresql", head=_POSTGRES),
    "billing-pool": Format(program="pgbouncer", head=_DAY + r" [\d:.]+ \w+ \[\d+\] (?P<level>[A-Z]+) "),
    "crm-primary": Format(program="mariadb", head=_MARIADB),
    "crm-replica": Format(program="mariadb", head=_MARIADB),
    "telemetry-gateway": Format(program="otelcol", head=_DAY + r"T\S+\t(?P<level>\w+)\t|(?P<fatal>Error): "),
    "web-proxy": Format(
        program="squid", head=r"\d{4}/\d\d/\d\d [\d:]+(?: \w+)?\| (?:(?P<level>WARNING|ERROR|FATAL): )?|FATAL: |squid: "
    ),
}


def level_of(form: Format, record: str) -> tuple[str, int]:
    """Return severity text and number as the program gave them, or `("", 0)` where it gave none."""
    own = dict(form.levels)
    match = re.match(form.head, record)
    if match is not None:
        groups = match.groupdict()
        for name in ("number", "level", "fatal"):
            word = groups.get(name)
            if word:
                return own.get(word) or LEVELS.get(word.lower(), ("", 0))
    if form.level and (match := re.search(form.level, record, re.MULTILINE)):
        return LEVELS.get(match[1].lower(), ("", 0))
    return ("", 0)
