"""Settings, data, versions and limits, in the words that many programs use."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="settings.missing",
        patterns=(
            (
                rb"(?:required|mandatory) (?:option|setting|parameter|property|configuration|field|key|flag"
                rb"|argument)s? [^\n]{0,60}(?:not set|missing|not provided|not specified|is empty|absent)"
            ),
            (
                rb"missing (?:required|mandatory) (?:option|setting|parameter|configuration|config"
                rb"|flag|argument|key)"
            ),
            (
                rb"(?:config|configuration|settings) (?:file )?[^\n]{0,100}(?:not found|does not exist"
                rb"|is missing|no such file)"
            ),
            rb"(?:environment variable|env var) [^\n]{1,60}(?:not set|unset|missing|undefined|empty|required)",
            (
                rb"no (?:configuration|config|settings|datasource|endpoint|url|api key|bucket|region"
                rb"|database) (?:was |is |has been )?(?:found|configured|specified|provided|defined)"
            ),
            rb"\b(?:is|was|are) not configured\b",
            rb"must (?:be set|be provided|be specified|specify|provide|set|not be empty)\b",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        rank=Rank.CAUSE,
        reason="A setting that the program needs is not there.",
        action="Add the setting that the record names; compare with an environment that works.",
        examples=("missing required setting billing.url", "mandatory option --region missing"),
        near_misses=("setting billing.url loaded", "required field 'sku' was malformed in the request"),
    ),
    Signature(
        name="settings.invalid",
        patterns=(
            rb"\binvalid port\b",
            rb"unable to open config file",
            rb"cannot assign requested address",
            rb"problem setting tls options",
            rb"loop (?:\([^)\n]{1,80}\) )?detected",
            rb"keyword not supported",
            rb"must not contain any",
            rb"pattern matches no files",
            rb"input required and not supplied",
            rb"runtime\.handlernotfound",
            rb"access-control-allow-origin",
            rb"values don't meet the specifications",
            rb"expected a javascript module script",
            rb"invalidparametervalue: ",
            rb"error validating \"[^\"\n]{1,120}\"",
            rb"failed to find attribute '",
            rb"(?:config|configuration)(?: file)? error",
            rb"unknown keyword '",
            rb"could not apply configuration",
            (
                rb"(?:unknown|unrecogni[sz]ed|invalid|unsupported|illegal|bad) (?:option|flag|setting"
                rb"|config(?:uration)?|directive|configuration key|config key|command[- ]line"
                rb"|command line option|parameter name|property)\b"
            ),
            (
                rb"(?:error|failed|failure|unable|cannot|could not)[^\n]{0,20} (?:parsing|to parse|parse"
                rb"|reading|to read|read|loading|to load|load) (?:the )?(?:\w{1,20} )?(?:config"
                rb"|configuration|settings|yaml|toml|ini)\b"
            ),
            rb"yaml: (?:line \d{1,6}|unmarshal errors|mapping values|did not find)",
            rb"mapping values are not allowed",
            rb"could not find expected ':'",
            (
                rb"invalid (?:value|argument|duration|port|url|address|cron expression|log level) (?:for|of"
                rb"|in|\"|')[^\n]{0,80}"
            ),
            rb"flag provided but not defined",
            rb"unable to parse (?:url|connection string|dsn)",
            rb"invalid (?:dsn|connection string|uri|url)\b",
            rb"unsupported protocol scheme",
            rb"missing protocol scheme",
            rb"missing port in address",
            rb"toml[^\n]{0,20}: (?:parse error|expected|line)",
        ),
        unless=(
            rb"permission_?denied|permission denied",
            rb"unauthenticated",
            rb"access ?denied",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.76,
        rank=Rank.CAUSE,
        reason="A setting has a value or a name that the program does not take.",
        action="Correct the setting that the record names; see what changed in it last.",
        examples=("yaml: line 12: did not find expected key", "unknown option --retrys"),
        near_misses=("configuration loaded in 12 ms", "invalid JSON in request body"),
    ),
    Signature(
        name="drift.version_mismatch",
        patterns=(
            rb"(?:accepted|supported|allowed)_versions",
            rb"unsupported api version",
            rb"cannot query field",
            rb"scheduler expects v\d",
            rb"built against (?:an )?older",
            rb"minimum compatible version",
            rb"no longer (?:served|available in)",
            rb"dependencies require a \w{2,12} version",
            rb"unable to import module '",
            rb"too new\. maximum supported",
            rb"can't locate revision identified by",
            rb"\brequires [\w .-]{2,40} ?>=? ?\d[\d.]{0,12}",
            rb"server does not support ssl version",
            rb"unknown/unsupported storage engine",
            rb"version mismatch",
            (
                rb"(?:incompatible|unsupported|unexpected|wrong|unknown) (?:\w{1,20} )?(?:version|schema"
                rb"|protocol version|api version|format version)"
            ),
            (
                rb"(?:client|server|api|protocol|schema|agent|driver|plugin"
                rb"|database) version[^\n]{0,60}(?:too (?:old|new)|not supported|unsupported|incompatible"
                rb"|is (?:older|newer|lower|higher) than)"
            ),
            rb"requires (?:at least )?version [\d.]{1,12}",
            rb"is (?:newer|older) than (?:the )?(?:supported|expected|required)",
            rb"no longer supported",
            rb"(?:has been|was|were) removed in (?:version |v)?\d",
            rb"built (?:with|for|against) (?:a )?(?:different|newer|older) version",
            rb"schema version (\d{1,9}) expected, found (?!\1\b)\d{1,9}",
            rb"expected (?:schema )?version \d{1,9},? (?:but )?(?:got|found|was)",
            rb"please (?:upgrade|update) (?:your|to|the) ",
            rb"migrations? (?:is|are|have|has) (?:not (?:been )?(?:applied|run)|pending|missing|failed)",
            rb"(?:dirty database version|pending migrations?)",
            rb"is not (?:a )?(?:known|recognized|supported) (?:api |field|method)",
            rb"client (?:is )?too old",
            rb"minimum supported (?:client )?version",
        ),
        unless=(
            rb"\bssl",
            rb"\btls",
            rb"openssl",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.76,
        rank=Rank.CAUSE,
        reason="Two parts of different versions meet.",
        action="Find the two versions that the record names; bring the older one up to date or roll back the newer.",
        examples=("protocol version mismatch: peer speaks 3, we speak 5", "agent version 1.2 is too old"),
        near_misses=("version 1.4.2 started", "certificate version 3"),
    ),
    Signature(
        name="limits.generic",
        patterns=(
            (
                rb"max(?:imum)? (?:number of )?(?:connections|threads|clients|sessions|files"
                rb"|processes)[^\n]{0,24}(?:reached|exceeded|hit)\b"
            ),
            rb"too many (?:partitions|shards|tables|indexes|series|jobs|tasks|pods)",
            rb"out of memory",
            rb"memory limit (?:exceeded|reached)",
            rb"\boom\b",
            rb"(?:thread|worker|connection|executor|task) pool (?:is )?(?:exhausted|full|saturated|starvation)",
            (
                rb"(?:reached|hit|exceeded|exceeds|over) (?:the )?(?:max(?:imum)?"
                rb"|limit)(?: number)?(?: of)? (?:connections|threads|processes|files|memory|clients"
                rb"|sessions|size|open)"
            ),
            rb"heap (?:usage|space)[^\n]{0,40}(?:exceed|9\d ?%|100 ?%)",
            (
                rb"(?:disk|memory|cpu|swap|inode|storage|volume|filesystem) (?:usage|utili[sz]ation|used"
                rb"|space)?[^\n]{0,24}\b(?:9\d|100) ?%"
            ),
            rb"(?:low|running low) (?:on )?(?:disk|memory) space",
            rb"low on (?:disk|memory)",
            rb"(?:too|very) many (?:connections|threads|processes|requests|open)",
            rb"(?:slow query|query took|took too long)",
            rb"insufficient (?:memory|resources|space|storage)",
            rb"remaining=0\b",
        ),
        unless=(rb"0 of ",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.72,
        rank=Rank.CAUSE,
        reason="A resource of this host or service is used up or nearly so.",
        action="Find which resource it is and what uses it; free it or raise its limit.",
        examples=("worker pool exhausted, 200 jobs waiting", "disk usage at 97% on /srv"),
        near_misses=("disk usage at 41% on /srv", "memory limit set to 512Mi"),
    ),
)
