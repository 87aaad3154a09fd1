"""Frames of Go: a line with the function, a line with file and line."""

from __future__ import annotations

import re

from logtriage.verdicts.stacks.frame import Follows, Frame

PLACE = re.compile(rb"(?:[ \t]|\\{1,3}t){1,16}([^\n\s]{1,400}\.(?:go|s)):[0-9]{1,7}(?: \+0x[0-9a-f]{1,16})?(?=\s|\Z)")
_FUNCTION = re.compile(
    rb"(?:[ \t]|\\{1,3}t){0,8}(created by )?((?:[A-Za-z0-9_.~%@*()\[\]{}/\xc2\xb7-]{1,300}?)"
    rb"(?:\.[A-Za-z0-9_*()\[\].\xc2\xb7-]{1,200}?|panic))(\([^\n]{0,400}\))?( in goroutine [0-9]{1,12})?\Z"
)
_GENERATED = re.compile(
    rb"(?:\.func[0-9]{1,4}(?:\.[0-9]{1,4}){0,8}|-fm|\.gowrap[0-9]{1,4}|\xc2\xb7dwrap\xc2\xb7[0-9]{1,4}|\[\.\.\.\])"
)
GOROUTINE = re.compile(rb"goroutine [0-9]{1,12} (?:gp=\S{1,24} m=\S{1,24} (?:mp=\S{1,24} )?)?\[")

_LIBRARIES = (
    # the runtime and what calls an application from it
    *(
        b"runtime.",
        b"runtime/",
        b"panic",
        b"net/http.",
        b"net/",
        b"net.",
        b"database/sql.",
        b"reflect.",
        b"sync.",
        b"testing.",
    ),
    *(b"encoding/", b"io.", b"os.", b"context.", b"log.", b"internal/", b"golang.org/x/", b"google.golang.org/"),
    # frameworks and clients
    *(
        b"github.com/gin-gonic/",
        b"github.com/labstack/",
        b"github.com/go-chi/",
        b"github.com/gorilla/",
        b"github.com/gofiber/",
    ),
    *(
        b"github.com/jackc/",
        b"github.com/lib/pq",
        b"github.com/go-sql-driver/",
        b"github.com/redis/",
        b"github.com/go-redis/",
    ),
    *(
        b"github.com/pkg/errors",
        b"github.com/spf13/cobra",
        b"github.com/sirupsen/",
        b"go.uber.org/",
        b"gorm.io/",
        b"k8s.io/",
    ),
)
_LIBRARY_PLACE = re.compile(rb"/go/src/|/pkg/mod/|/vendor/|\$GOROOT")
"""Where the compiler finds the standard library and other modules."""


def read(line: bytes, behind: bytes) -> Frame | None:
    """Read a frame, if the line behind it tells its place; arguments and closures' numbers are cut."""
    place = PLACE.match(behind)
    if place is None:
        return None
    found = _FUNCTION.match(line)
    if found is None:
        return None
    start, end = found.span(2)
    cuts = [one.span() for one in _GENERATED.finditer(line, start, end)]
    name = _GENERATED.sub(b"", line[start:end])
    return Frame(
        name=name,
        is_in_app=not (found[1] or name.startswith(_LIBRARIES) or _LIBRARY_PLACE.search(place[1])),
        cuts=(*cuts, (end, len(line))) if end < len(line) else tuple(cuts),
        follows=Follows.PLACE,
    )
