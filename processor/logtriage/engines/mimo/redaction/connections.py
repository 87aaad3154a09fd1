"""Rows for credentials in addresses and in the commands that people type."""

from __future__ import annotations

import re

from logtriage.engines.mimo.redaction.checks import is_mixed, is_no_value, looks_random
from logtriage.engines.mimo.redaction.rule import Check, Rule

_MYSQL = re.compile(r"mysql|mariadb|sshpass|xtrabackup|mydumper")
_CURL = re.compile(r"curl|wget|http|nexus|artifactory|jfrog|svn|ab\s")
_SHORT_P = re.compile(r"sshpass|docker|podman|helm|oc\s|az\s|redis-cli|mongo|sqlcmd|ldap|htpasswd|influx|rabbitmq")


def _after(program: re.Pattern[str]) -> Check:
    def check(text: str, match_start: int, start: int, end: int) -> bool:
        line = text[max(0, match_start - 200) : match_start].rpartition("\n")[2].lower()
        return program.search(line) is not None and not is_no_value(text[start:end])

    return check


def _is_set(text: str, _match: int, start: int, end: int) -> bool:
    return not is_no_value(text[start:end])


def _is_userinfo(text: str, _match: int, start: int, end: int) -> bool:
    return looks_random(text[start:end], 16) and is_mixed(text, start, start, end)


def _is_typed(text: str, _match: int, start: int, end: int) -> bool:
    return looks_random(text[start:end]) and is_mixed(text, start, start, end)


_after_mysql = _after(_MYSQL)
_after_curl = _after(_CURL)
_after_tool = _after(_SHORT_P)

CONNECTIONS: tuple[Rule, ...] = (
    Rule(
        name="url_password",
        placeholder="PASSWORD",
        keywords=("://", ":\\/\\/", "%3a%2f%2f"),
        pattern=r"""
            (?: :// | :\\/\\/ | (?i:%3a%2f%2f) ) [^\s/?\#:@"'<>\\\0]{0,256}+ (?: : | (?i:%3a) )
            (?: ( [^\s/?\#"'<>\\\0]{1,256} ) @
              | (?! [0-9]{1,5} [/?\#] | :?// ) ( [^\s"'<>@\\\0]{1,128}+ )
                @ (?= [A-Za-z0-9_\[.-]{1,256}+ (?: [:/?,\s"'\\] | \Z ) ) )""",
        check=_is_set,
        reason="RFC 3986 3.2.1: user:password@ behind any scheme; also with a raw / or @ in the password",
        examples=(
            "dial postgres://app:«hunter2»@db.example:5432/shop failed",
            "redis://:«hunter2»@cache:6379/0 refused",
            "mongodb+srv://app:«p@ss»@a.example,b.example/db?w=1",
            "amqp://app:«a/b+c»@mq:5672/%2f",
        ),
        near_misses=(
            "GET http://api.example:8080/v1?user=a@b timed out",
            "dial tcp://10.0.0.1:6379: refused",
            "postgres://app@db.example/shop",
            "postgres://app:****@db.example/shop",
        ),
    ),
    Rule(
        name="url_token",
        placeholder="TOKEN",
        keywords=("://",),
        pattern=r"://([A-Za-z0-9_.-]{16,256}+)(?::x-oauth-basic)?@",
        check=_is_userinfo,
        reason="a token in the place of the user: git remotes, Sentry DSN",
        examples=("fatal: could not read https://«0a1b2c3d4e5f60718293»@git.example/r.git",),
        near_misses=("ssh://deploy@git.example/r.git", "https://very-long-service-account-name@git.example/r.git"),
    ),
    Rule(
        name="go_dsn",
        placeholder="PASSWORD",
        keywords=("@tcp(", "@unix(", "@tcp6("),
        pattern=r"(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]{1,64}+:([^\s:\"'\0]{1,128})@(?:tcp6?|unix)\(",
        check=_is_set,
        reason="data source names of Go's MySQL driver",
        examples=("open app:«hunter2»@tcp(db:3306)/shop: refused",),
        near_misses=("open app@tcp(db:3306)/shop",),
    ),
    Rule(
        name="oracle_login",
        placeholder="PASSWORD",
        keywords=("jdbc:oracle", "sqlplus"),
        pattern=r"""
            (?i: jdbc:oracle:[a-z]{2,4}: | sqlplus[ ](?:-[a-z][ ]){0,3} )
            [^\s/@:"'\0]{1,64}+ / "?([^\s@"'\0]{1,128}+)"?@""",
        check=_is_set,
        reason="user/password@ of Oracle",
        examples=("jdbc:oracle:thin:scott/«t1ger»@//db:1521/x",),
        near_misses=("jdbc:oracle:thin:@//db:1521/x",),
    ),
    Rule(
        name="sql_password",
        placeholder="PASSWORD",
        keywords=("identified", "password '", "password \\'", 'password "'),
        pattern=r"""
            (?: identified \s{1,4} (?: with \s{1,4} [a-z0-9_'"]{1,40}+ \s{1,4} )? (?:by|as) (?:\s{1,4}password)?
              | \b password )
            \s{1,4} \\?['"] ( [^'"\n\\\0]{1,256}+ )""",
        reads_lower=True,
        check=_is_set,
        reason="statements that set a password",
        examples=("CREATE USER app IDENTIFIED BY '«hunter2»'", "ALTER ROLE app WITH PASSWORD '«hunter2»'"),
        near_misses=("identified by 17 checks", "SELECT password FROM users WHERE name = 'app'"),
    ),
    Rule(
        name="redis_auth",
        placeholder="PASSWORD",
        keywords=("auth ", "requirepass ", "masterauth "),
        pattern=r"""
            (?: AUTH[ ](?:default[ ])? | (?i:requirepass[ ]|masterauth[ ]) ) ["']?([^\s"',;\0]{6,128}+)""",
        check=_is_typed,
        reason="Redis takes its password behind a blank",
        examples=("> AUTH default «S3cret!9x»", "bad directive: requirepass «S3cret!9x»"),
        near_misses=("AUTH failed: WRONGPASS", "NOAUTH Authentication required", "requirepass is not set"),
    ),
    Rule(
        name="mysql_flag",
        placeholder="PASSWORD",
        keywords=(" -p", '"-p', "'-p"),
        pattern=r"""[ "']-p([^\s"',;|&\0]{3,128}+)""",
        check=_after_mysql,
        reason="mysql and its relatives take the password without a blank",
        examples=("cmd: mysqldump -u root -p«S3cret!» shop",),
        near_misses=("mysql -u root -p shop", "nginx -prefix /etc", "mkdir -parents"),
    ),
    Rule(
        name="curl_user",
        placeholder="PASSWORD",
        keywords=(" -u", '"-u', "'-u", " --user", '"--user', "'--user", " --proxy-user"),
        pattern=r"""[ "'](?:-u|--user|--proxy-user)[ =,"']{0,4}[^\s:"',\0]{1,128}+:([^\s"'\0]{1,256}+)""",
        check=_after_curl,
        reason="curl -u user:password",
        examples=("exec: curl -sf -u admin:«hunter2» https://x.example",),
        near_misses=("docker run -u 1000:1000 image", "curl -u admin https://x.example"),
    ),
    Rule(
        name="short_password_flag",
        placeholder="PASSWORD",
        keywords=(" -p ", " -a ", " -w ", " -pw ", '"-p"', "'-p'"),
        pattern=r"""[ "'](?:-pw|-[pawP])["']?,?[ ]{0,2}["']?([^\s"'/:,\0-][^\s"',\0]{3,128}+)""",
        check=lambda text, match_start, start, end: (
            looks_random(text[start:end], 4) and _after_tool(text, match_start, start, end)
        ),
        reason="tools with a short flag for the password",
        examples=("+ sshpass -p «S3cret!9» ssh app@h", "redis-cli -h cache -a «S3cret!9» ping"),
        near_misses=("docker run -p 8080:80 image", "helm upgrade -a", "mkdir -p build1x/out"),
    ),
)
