"""General wordings for what is wrong in a program itself, its data, its version or its settings."""

from __future__ import annotations

from typing import Final

from logtriage.schema.category import Category as C

PHRASES: Final[tuple[tuple[C, tuple[bytes, ...]], ...]] = (
    (
        C.DEPLOYMENT_DRIFT,
        (
            (
                rb"(?:version|schema|protocol|api|abi|firmware|format) (?:\w{1,20} ){0,3}(?:mismatch|conflict"
                rb"|incompatib\w{1,5}|differs?|not supported|unsupported|too (?:old|new)|outdated|does not"
                rb" match)"
            ),
            (
                rb"(?:mismatch\w{0,4}|incompatib\w{1,5}|unsupported|unknown|wrong|unexpected|different|newer"
                rb"|older|old|minimum|outdated) (?:\w{1,20} ){0,3}(?:version|release|revision|build)\b"
            ),
            (
                rb"\brequires? (?:at least |a newer |an? |the )?(?:\w{1,30} ){0,3}(?:version|>=? ?v?\d|v\d"
                rb"|\d{1,4}\.\d{1,4} or)"
            ),
            rb"no longer (?:supported|available|exists?|maintained|valid|part of|accepted)",
            (
                rb"(?:has been|have been|was|were|is|are) (?:removed|renamed|replaced|superseded|obsoleted"
                rb"|retired|dropped in)\b"
            ),
            rb"\bnot (?:yet )?implemented\b",
            (
                rb"(?:unknown|undefined|unrecogni[sz]ed|unsupported|no such|missing) (?:method|column|table"
                rb"|relation|function|symbol|rpc|procedure|opcode|message type|enum|constructor|interface"
                rb"|capability|feature|instruction|syscall)\b"
            ),
            (
                rb"(?:column|table|relation|index|constraint|type) [^\n]{1,80} (?:already exists|does not exist"
                rb"|doesn.t exist|not found|is missing)"
            ),
            rb"method (?:\S{1,60} )?not found",
            (
                rb"(?:pending|missing|failed|dirty|unapplied|execute|run|apply|running"
                rb"|applying) (?:\w{1,20} ){0,2}migrations?\b"
            ),
            rb"migrations? (?:\S{1,40} ){0,2}(?:failed|required|needed|error|is|aborted)",
            rb"could not migrate",
            rb"(?:unable|failed|cannot|could not) to (?:upgrade|migrate|downgrade)",
            rb"upgrade (?:query|script|step|path)[^\n]{0,60}(?:failed|not found|missing)",
            rb"needs? (?:to be )?(?:upgraded|migrated|updated|an? (?:upgrade|update|migration))",
            rb"please (?:upgrade|update|migrate|re-?install|rebuild|recompile)",
            rb"out[- ]of[- ]date",
            rb"\b(?:outdated|obsolete|incompatible)\b",
            rb"load schema version",
            rb"(?:cannot|unable to) open shared object file",
            rb"libraries? (?:not (?:loaded|found)|missing)",
            rb"undefined (?:symbol|reference)",
            rb"noclassdeffound|classnotfound|nosuchmethod|nosuchfield",
            rb"was (?:compiled|built) (?:with|for|against|using)",
            rb"does not support (?:the )?\w",
            (
                rb"was (?:built|exported|written|made|saved) (?:for|by|with) (?:an? )?(?:other |another |newer "
                rb"|older )?(?:release|version|runtime|schema)"
            ),
            (
                rb"(?:client|server|worker|peer|agent|driver|node|binary|image) is (?:newer|older|too old|too new"
                rb"|outdated)"
            ),
            rb"(?:lacks|has no|without) (?:the )?column|unknown to (?:the|this) (?:server|client|release|version)",
            (
                rb"\b\d{1,3}\.\d{1,3} (?:or \w{1,10} )?(?:is )?(?:required|needed|expected)|installed (?:is|version is"
                rb"|one is)"
            ),
            rb"eresolve|conflicting (?:peer )?dependenc|unmet dependenc|dependency conflict",
            rb"(?:installed|found) (?:is |version )?v?\d{1,3}\.\d{1,3}[^\n]{0,40}(?:required|needed|expected)",
        ),
    ),
    (
        C.CODE_BUG,
        (
            rb"(?:null|nil) (?:pointer|reference|dereference|value)",
            rb"nonetype",
            rb"undefined (?:method|variable|index|offset|property|array key|local)",
            rb"\bis not (?:a function|iterable|callable|subscriptable|an object|a constructor)\b",
            rb"(?:index|subscript|offset|array)\S{0,10} (?:is )?out of (?:range|bounds)",
            rb"out[- ]of[- ]bounds",
            rb"divi(?:de|sion) by zero|integer overflow|arithmetic overflow",
            rb"stack ?overflow|stack smashing|buffer overrun detected|double free|use[- ]after[- ]free|heap corruption",
            (
                rb"segmentation fault|segfault|sigsegv|sigabrt|sigbus|sigill|core dump|access violation|bus"
                rb" error|illegal instruction"
            ),
            rb"\bassert(?:ion)?s?\b",
            rb"should (?:not|never) (?:happen|be reached|get here|occur)",
            (
                rb"\b(?:unhandled|uncaught|unexpected|unrecoverable|never retrieved)\b[^\n]{0,20}\b(?:exception"
                rb"|error|rejection|panic)"
            ),
            rb"exception was never retrieved",
            rb"\bpanick?(?:ed|ing)?\b",
            rb"(?:illegal|invalid|inconsistent|bad|impossible) (?:internal )?state\b",
            rb"cannot (?:read|set) propert",
            rb"cannot fetch \w{1,40} from (?:<?nil|null|none)",
            rb"\b(?:attribute|type|name|key|index|reference|unboundlocal|recursion|notimplemented)error\b",
            rb"race condition|deadlock|data race",
            (
                rb"\b(?:a|this is (?:a|probably a)|known|possible) bug\b|please (?:report|file) (?:a |this "
                rb"|an )?(?:bug|issue)|bug report"
            ),
            rb"internal (?:compiler |consistency |logic )?error\b",
            rb"already (?:closed|disposed|completed|resolved|consumed|freed|released)\b",
            rb"concurrent modification|not thread[- ]?safe",
            rb"\bterminating\b[^\n]{0,80}(?:\{|exit|reason|last message)",
            rb"generic server [^\n]{1,60} terminating",
            rb"crashed unexpectedly|terminated unexpectedly|exited unexpectedly|died unexpectedly",
            rb"attempt to (?:call|index|compare|perform|concatenate|use)",
            rb"compile error|compilation (?:error|failed)|does not compile",
            rb"was leaked|leak detected|did you forget to close",
            rb"past the end|badmatch|function_clause|case_clause|\bundef\b",
            rb"cannot set headers after|wrong number of arguments",
            rb"sql compilation error|syntax error (?:line|at|near|in)\b",
            rb"(?:acknowledged|closed|freed|sent|ran|called) twice",
            rb"called `[\w:]{1,40}\(\)` on|unwrap\(\) on",
        ),
    ),
    (
        C.DATA_QUALITY,
        (
            (
                rb"(?:malformed|corrupt(?:ed)?|truncated|garbled|unparse?able|ill-formed|badly formed"
                rb"|undecodable|unreadable|damaged)\b"
            ),
            (
                rb"(?:invalid|illegal|bad|broken|unexpected|unknown|wrong|incorrect"
                rb"|inconsistent) (?:\w{1,20} ){0,2}(?:json|xml|csv|utf-?8|utf|unicode|input|data|record|row"
                rb"|line|message|packet|payload|frame|header|date|timestamp|number|characters?|bytes?|format"
                rb"|encoding|response|document|image|checksum|crc|length|sequence|magic|token|tag|element|eof"
                rb"|symbol|escape|block|chunk|content|delimiter|digit|mac|opcode|status line|signature in)\b"
            ),
            (
                rb"(?:failed|unable|cannot|could not|couldn.t|can.t|error|errors|failure|fails) (?:to |in "
                rb"|when |while |during )?(?:pars|decod|deseriali[sz]|unmarshal|unmarshall|conver|interpret"
                rb"|decompress|unpack|inflat|demux|transcod)\w{0,6}"
            ),
            (
                rb"(?:parse|parsing|parser|decode|decoding|decoder|deseriali[sz]ation|conversion|decompression"
                rb"|unmarshal\w{0,4}) (?:error|failed|failure|exception)"
            ),
            (
                rb"unexpected (?:token|character|char|symbol|end of|eof|tag|element|type|value|byte|response"
                rb"|null|result|keyword|identifier)"
            ),
            rb"expected [^\n]{1,80}\b(?:but |, |; )?(?:got|found|received|was|actual|instead|saw|read)\b",
            (
                rb"(?:got|found|received|saw) [^\n]{1,60}(?:,| but| when| instead of|;)? (?:expected|expecting"
                rb"|instead)"
            ),
            rb"out of (?:range|order|sequence)",
            rb"duplicate[ds]? (?:\w{1,20} )?(?:key|entry|entries|record|id|value|name|message|row|item|block|uuid)",
            rb"\bviolat(?:es|ed|ion)\b",
            (
                rb"(?:size|length|checksum|hash|digest|signature|count|type|shape|dimension|crc"
                rb"|root) (?:mismatch|does not match|doesn.t match|error|differs)"
            ),
            rb"does(?: not|n.t) (?:match|conform|validate|satisfy|look like)\b",
            rb"too (?:long|short|large|big|small|deep)\b",
            rb"validation (?:failed|error|failure|exception)|failed validation|did not validate",
            (
                rb"missing (?:\w{1,20} )?(?:field|column|value|attribute|element|tag|header|delimiter|separator"
                rb"|block|chunk|segment|frame)\b"
            ),
            rb"cannot be (?:null|empty|negative|blank|parsed|converted|decoded)|must not be (?:null|empty)",
            rb"not (?:a )?(?:valid )?(?:utf-?8|json|number|numeric|integer|date|xml|well-formed)\b",
            rb"overlap(?:s|ping|ped)?\b",
            rb"bytestream|mb \d{1,4} \d{1,4}",
            (
                rb"out[- ]of[- ]order (?:\w{1,20} ){0,2}(?:sample|message|record|event|timestamp|write|entr|sequence"
                rb"|block)"
            ),
            rb"(?:cannot|could not|can.t) be (?:decoded|read|interpreted|deseriali[sz]ed)",
            rb"\bis cut short|columns instead of|offset[^\n]{0,20}out of range",
            rb"\b(?:loss|value|result|gradient)s? (?:is|are|became) nan\b",
            rb"is damaged|are damaged|differs on|do not agree",
        ),
    ),
    (
        C.CONFIG_ERROR,
        (
            (
                rb"\bno such (?:option|setting|module|plugin|driver|host|device|interface|service|command|key"
                rb"|bucket|section|provider|profile|region|file|container|network|volume|image|object|process"
                rb"|user|group|queue|topic|index|path|zone|domain|database)"
            ),
            (
                rb"(?:is|are|was|were|been|be) not (?:yet )?(?:configured|enabled|registered|installed"
                rb"|specified|set|supplied|declared|mounted|defined|provided|initiali[sz]ed|established|loaded"
                rb"|present|recogni[sz]ed|known|supported|valid|a valid|allowed|found)\b"
            ),
            (
                rb"\b(?:not|never) (?:configured|enabled|registered|installed|specified|supplied|declared"
                rb"|mounted|defined|provided|recogni[sz]ed)\b"
            ),
            (
                rb"\bno (?:\w{1,30} ){1,3}(?:configured|specified|provided|defined|given|set|registered|found"
                rb"|established|supplied|available for|parameter|has been provided)\b"
            ),
            (
                rb"(?:unknown|unrecogni[sz]ed|unsupported|undefined|invalid|illegal|bad|incorrect|wrong"
                rb"|ambiguous|missing|empty|malformed) (?:\w{1,20} ){0,2}(?:options?|flags?|arguments?|args?"
                rb"|parameters?|params?|settings?|key|directive|command|driver|backend|provider|plugin|module"
                rb"|scheme|algorithm|locale|time ?zone|region|log level|mode|value for|host ?name|address"
                rb"|ports?|path|url|uri|endpoint|interface|device|network|cidr|subnet|config\w{0,8}|namespace"
                rb"|environment|variable|file|directory|selector|name|target|mount|password,)\b"
            ),
            rb"\bmust (?:be|have|contain|start|end|match|not|point|exist|specify|provide|set)\b",
            rb"(?:is|are) (?:required|mandatory|missing|empty|unset|undefined|disabled)\b",
            (
                rb"(?:could not|couldn.t|cannot|can.t|can not|unable to|failed to|failure to|failing to"
                rb"|error) (?:find|locat\w{1,3}|load\w{0,3}|open\w{0,3}|resolve|bind\w{0,3}|listen|mount\w{0,3}"
                rb"|access|stat|chdir|exec\w{0,4}|initiali[sz]e|initiali[sz]ing|instantiate|look ?up|import"
                rb"|include|register|set|apply|create file|determine|configure|detect|read file)\b"
            ),
            rb"(?:does not|doesn.t|do not|did not) exist\b",
            rb"\bnot found\b|\bnot be found\b|\bnotfound\b",
            (
                rb"address (?:is )?already in use|port (?:\d{1,5} )?(?:is )?already|already (?:bound|listening"
                rb"|running|in use|registered|defined|taken|being used)"
            ),
            rb"conflict(?:s|ing|ed)? (?:with|between)",
            (
                rb"please (?:set|specify|provide|check|configure|define|enable|ensure|make sure|run|install|add"
                rb"|create|use|verify)\b"
            ),
            rb"did you (?:forget|mean|remember)",
            rb"misconfigur|mis-configur|config(?:uration)? (?:error|is invalid|problem|issue)",
            rb"\bno module named\b",
            rb"\bno (?:route|handler|matching|suitable|valid|default|active|usable|compatible|appropriate) \w",
            rb"errno=99\b|cannot assign requested address",
            rb"missing -",
            rb"usage: \w",
            rb"too many arg|expected \d{1,3} arg",
            rb"should be an? \w",
            rb"is(?: not|n.t) installed",
            rb"not supported\b",
            rb"is disabled\b",
            rb"read-?only (?:mode|replica|database|slave|user)",
            rb"check (?:your|the) (?:config|setting|url|address|host|path|spelling)\w{0,8}",
            rb"you should (?:increase|set|enable|raise|add|configure|use)",
            rb"expects? an? \w{1,20},? (?:but )?(?:found|got)",
            (
                rb"(?:tag|path|key|name|stage|job|policy|realm|role|template) (?:\S{1,60} )?(?:does not exist"
                rb"|is not known|not known)"
            ),
            rb"(?:process|program|server|one) (?:already )?(?:holds|uses|has|owns) the port",
            rb"is set to (?:0|false|off|nothing|an invalid)",
            rb"not in \$?path\b|executable file not found",
        ),
    ),
)
"""Regular expressions over lower-cased bytes, bounded, each with a literal (see `needles.py`)."""
