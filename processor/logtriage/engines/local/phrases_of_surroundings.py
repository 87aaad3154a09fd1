"""General wordings for what is wrong around a program: rights, room, other servers, the network."""

from __future__ import annotations

from typing import Final

from logtriage.schema.category import Category as C

PHRASES: Final[tuple[tuple[C, tuple[bytes, ...]], ...]] = (
    (
        C.AUTH_AUTHZ,
        (
            (
                rb"(?:permissions?|access|authori[sz]ation|authentication|privileges?|credentials?|login|log-in"
                rb"|sign-in|handshake|mfa|sso) (?:\w{1,20} ){0,3}(?:denied|failed|refused|rejected|expired"
                rb"|revoked|invalid|missing|required|insufficient|not granted)"
            ),
            (
                rb"(?:denied|refused|expired|invalid|missing|wrong|bad|incorrect|unknown|untrusted|revoked"
                rb"|insufficient|no) (?:\w{1,20} ){0,2}(?:permissions?|credentials?|passwords?|passphrase"
                rb"|certificates?|api[ _-]?keys?|privileges?|scopes?|access token|refresh token|bearer token"
                rb"|auth token|session token|id token|client secret|secret key|shared secret|host key|ca"
                rb" certificate|issuer)\b"
            ),
            rb"not (?:authori[sz]ed|permitted|authenticated|trusted|allowed to|a member of|signed by)",
            rb"\bforbidden\b",
            rb"self[- ]signed",
            rb"\bx509\b",
            (
                rb"(?:certificate|token|session|cookie|licen[cs]e key|key|password|credential|secret)s? (?:has "
                rb"|have |is |are )?(?:been )?(?:expired|revoked|rejected|not trusted|not valid)"
            ),
            rb"status ?code[\"\']?[:=( ]{1,3}(?:401|403)\b",
            rb"\bhttp[/ ][\d. ]{0,4}(?:401|403)\b",
            (
                rb"(?:cannot|can.t|could not|unable to|failed to|failure to) (?:authenticate|authori[sz]e"
                rb"|log ?in|verify (?:the )?(?:signature|certificate|token|identity)|decrypt"
                rb"|validate (?:the )?(?:token|certificate|signature))"
            ),
            rb"no nt/lm-password",
            rb"(?:unknown|untrusted) (?:certificate )?authority",
            rb"operation not permitted",
            rb"\bnot in the list of permitted|\bis not accepted|(?:was|were) not accepted",
            (
                rb"(?:lacks|lack|has no|without) (?:the )?(?:\w{1,20} )?(?:policy|permissions?|privileges?|role|rights?"
                rb"|scope)\b"
            ),
            rb"cannot validate certificate|certificate is valid for|doesn.t contain any ip sans",
            (
                rb"(?:key|token|password|credentials?|certificate|signature) (?:is |are )?(?:not valid|no longer valid"
                rb"|wrong|incorrect)"
            ),
            rb"clock (?:skew|drift)|(?:minutes?|seconds?|hours?) (?:ahead|in the future)",
            rb"signature does not (?:verify|match)|keys? (?:was|were) rotated",
        ),
    ),
    (
        C.RESOURCE_EXHAUSTION,
        (
            (
                rb"\btoo (?:many(?! arg| param| redirect| values| field| col)|busy|much (?:memory|data|load"
                rb"|traffic))\b"
            ),
            (
                rb"exceed(?:s|ed|ing)? (?:the |its |your |our |a |this )?(?:\w{1,20} ){0,3}(?:max\w{0,4}"
                rb"|limits?|quota|size|capacity|allowed|budget|threshold|allocation|memory|buffer|bound)\b"
            ),
            (
                rb"(?:limit|quota|capacity|maximum|threshold|cap|budget|high[- ]water ?mark"
                rb"|watermark) (?:of \S{1,20} )?(?:\w{1,20} ){0,2}(?:exceeded|reached|hit|exhausted|crossed)"
            ),
            (
                rb"(?:reached|hit|over|above|at) (?:the |its |our )?(?:\w{1,20} ){0,2}(?:limit|quota|capacity"
                rb"|maximum|threshold)\b"
            ),
            (
                rb"\b(?:ran |run |running )?out of (?:\w{1,20} )?(?:memory|space|disk|storage|resources|ids?"
                rb"|ports|handles|buffers?|descriptors|sequence|inodes|slots|addresses|credits|swap|connections"
                rb"|threads|sockets|room)"
            ),
            (
                rb"(?:queue|buffer|pool|cache|ring|backlog|channel|disk|volume|partition|heap|log|table|memory"
                rb"|filesystem|mailbox|storage|wal|journal|spool|fifo|stack) (?:\S{1,30} )?(?:is |was |are "
                rb"|got )?(?:almost |nearly )?(?:full|exhausted|overflow\w{0,4}|saturated|depleted)"
            ),
            (
                rb"\bno (?:more |free |available |idle |spare )?(?:\w{1,20} )?(?:slots?|workers?|threads?"
                rb"|memory|buffers?|free ports?|free addresses|free ips?|space|inodes?|free blocks?|file"
                rb" descriptors|capacity|descriptors|license seats)\b"
            ),
            (
                rb"(?:insufficient|not enough|low|running low on|short(?:age)? of|lack"
                rb" of) (?:\w{1,20} ){0,2}(?:memory|resources?|capacity|cpu|gpu|disk|space|slots?|bandwidth"
                rb"|threads?|storage|cores|vram|ram|entropy|nodes to schedule)"
            ),
            (
                rb"(?:unable|failed|cannot|could not|failure|error) (?:to )?(?:allocat|reserv|malloc|mmap|fork"
                rb"|spawn thread|create thread)\w{0,6}"
            ),
            rb"alloc(?:ation)? (?:of \S{1,20} )?fail",
            rb"\b(?:overloaded|saturated|oversubscribed|starved|starvation|thrashing|backed up|throttl\w{1,4})\b",
            rb"rate[ -]limit",
            rb"(?:falling|fell|lagging|running) behind",
            (
                rb"slow (?:\w{1,20} )?(?:query|request|operation|disk|write|read|consumer|heartbeat|fsync|sync"
                rb"|apply|commit|log|io|response|client)\b"
            ),
            rb"\btook (?:too long|longer|over|more than|\d{4,9} ?ms|\d{2,6}(?:\.\d{1,6})? ?s)",
            rb"(?:high|excessive|increasing) (?:\w{1,20} )?(?:memory|cpu|load|disk|latency|usage)",
            rb"memory (?:pressure|leak|exhaust|allocation)",
            rb"message_queue_too_long|\bcongest|processing time: [1-9]",
            rb"\boom(?:-?kill\w{0,3})?\b",
            (
                rb"(?:time ?out|timed out) (?:\w{1,20} ){0,4}(?:pool|checkout|free connection|available"
                rb" connection|slot|lock)"
            ),
            rb"dropped \d{1,9} (?:messages|events|packets|logs|spans|metrics|samples)",
            (
                rb"(?:suspended|paused|blocked|refusing|rejecting) (?:new )?(?:connections|requests|writes"
                rb"|clients|jobs)"
            ),
            rb"\b(?:ring|input|output|receive|send|queue|write) buffer (?:overrun|overflow)",
            rb"soft lockup|stuck for \d{1,6}",
            rb"\b(?:used up|(?:can)?not keep up|cannot keep pace)\b",
            (
                rb"(?:all|\d{1,7}) (?:of \d{1,7} )?(?:\w{1,20} )?(?:slots|connections|workers|threads|seats|sessions"
                rb"|descriptors) (?:are |is |were )?(?:in use|taken|used|busy|occupied)"
            ),
            rb"fork (?:operation )?failed|(?:was|were) killed (?:by|because|after)|via signal \[?sigkill",
            rb"pool (?:\S{1,30} )?(?:is )?(?:empty|timed out|timeout)|from (?:the )?pool within|connection within \d",
            (
                rb"did not (?:complete|finish) (?:within|in time)|longer than (?:its|the) (?:\w{1,20} ){0,3}(?:limit"
                rb"|interval|budget)"
            ),
            (
                rb"turned away|writes are stalled|are blocked|(?:jobs?|requests?|queries|sign-ins?|orders?"
                rb"|clients?) wait(?:ing|s)?\b"
            ),
        ),
    ),
    (
        C.UPSTREAM_OUTAGE,
        (
            rb"\bun(?:reachable|responsive)\b",
            (
                rb"(?:server|service|host|node|backend|upstream|peer|broker|cluster|database|endpoint|gateway"
                rb"|provider|leader|master|replica|device|remote|api|registry|daemon|agent|instance|target"
                rb"|member|engine|pool|store|storage|node|process)s? (?:\S{1,60} )?(?:is |are |was |were |has "
                rb"|seems |appears )?(?:currently |temporarily |now |marked |gone )?(?:down|unavailable"
                rb"|unreachable|not responding|not available|not reachable|not ready|not running|offline|dead"
                rb"|lost|gone|crashed|failed|unhealthy|inaccessible|away)\b"
            ),
            (
                rb"(?:unable|failed|cannot|could not|can.t|couldn.t|failure|failing|error|fails) (?:to |while "
                rb"|when )?(?:connect|reach|contact|communicat|dial|talk|join|notify|reconnect|fetch|download"
                rb"|retriev|query|pull|sync|call|invok|register with|send|deliver|forward|replicat|publish"
                rb"|push)\w{0,5}\b"
            ),
            rb"error communicating|communication (?:error|failure|failed)",
            (
                rb"\bno (?:live |known |healthy |available |reachable |alive |active |working "
                rb"|responding )?(?:servers?|leader|quorum|master|primary|hosts?|nodes?|backends?|peers?"
                rb"|brokers?|endpoints?|upstreams?|replicas?|response|answer|reply|members?"
                rb"|solrservers?) ?(?:available|found|elected|received|from|to|$|\")?"
            ),
            rb"no cluster leader|not enough (?:hosts|nodes|replicas|members|peers|brokers|servers)",
            (
                rb"bad gateway|service (?:is )?(?:temporarily )?unavailable|gateway time-?out|internal server"
                rb" error|server error"
            ),
            rb"status ?code[\"\']?[:=( ]{1,3}5\d\d\b|\bhttp[/ (][\d. ]{0,4}5\d\d\b",
            rb"connection (?:was )?(?:refused|failed|failure|error|rejected|could not be)",
            rb"hardware (?:error|failure|fault)|i/o error|io error|disk (?:failure|error)",
            rb"lost (?:contact|connection|communication|quorum) ",
            rb"deadline exceeded|init(?:iali[sz]ation)? timeout|exceeded after \d",
            rb"\[timeout\]|: timeout$|timed out waiting for \w{1,30} to (?:be|become)",
            rb"connection (?:with|to) [^\n]{1,60}? lost",
            rb"(?:does|do|did)(?: not|n.t) (?:answer|respond|reply)|not answering|never answered|no longer answers?",
            rb"refuses? (?:all|every|connections?)|has vanished|has disappeared|fell off the bus",
            rb"marked (?:as )?(?:dead|failed|down|offline|unavailable|faulty)|considered down",
            rb"answers? (?:with )?5\d\d|medium error|remounting filesystem read-only|operating system error number",
            rb"left the cluster|lost (?:its|the) (?:leader|database|quorum|peers?)|leadership lost|no leader",
            rb"(?:has been|is|went|stays) (?:down|silent|away) (?:since|for)",
        ),
    ),
    (
        C.TRANSIENT_NETWORK,
        (
            rb"\btim(?:ed|e)[ -]?out\b|\btimeouts?\b",
            (
                rb"connection (?:\S{1,40} )?(?:was |is |has been )?(?:lost|closed|dropped|aborted|interrupted"
                rb"|reset|terminated|broken)"
            ),
            rb"closed (?:the |our |its |this )?(?:connection|session|stream|socket)",
            (
                rb"(?:network|socket|transport|stream|link) (?:\w{1,20} )?(?:error|failure|trouble|problem"
                rb"|issue|closed|down|lost|interrupted)"
            ),
            rb"(?:end of file|eof|disconnect\w{0,4}|hang ?up|hung up) (?:from|by|while|on|in|when)",
            rb"\bdisconnected\b",
            rb"temporar(?:y|ily) (?:\w{1,20} ){0,2}(?:failure|error|unavailable|problem)",
            (
                rb"\b(?:packet loss|lost packet|checksum incorrect|retransmi\w{1,10}|link flap|jitter|missed"
                rb" heartbeat|heartbeat (?:missed|lost|late))\b"
            ),
            rb"context (?:was )?cancell?ed|operation (?:was )?cancell?ed|request (?:was )?(?:cancell?ed|aborted)",
            rb"(?:is|are|will be|was|were) (?:sent|tried|fetched|read|asked|queued|scheduled|opened) again",
            rb"\bresum(?:ed|es|ing)\b|opened anew|next (?:peer|server|node|mirror) takes over",
            rb"closed by (?:the )?(?:remote )?peer|no network route|not (?:the )?leader\b|is now gated",
            rb"(?:answered|arrived|is|was|came) late\b|missed \d{1,3} (?:beats?|heartbeats?|probes?)",
        ),
    ),
)
"""Regular expressions over lower-cased bytes, bounded, each with a literal (see `needles.py`)."""
