"""Ruby and PHP."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="ruby.nil_method",
        patterns=(
            rb"undefined method [`'][^\n]{1,60}' for (?:nil|an instance|#<)",
            rb"undefined local variable or method",
            rb"nomethoderror",
            rb"wrong number of arguments \(given",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The code called what is not there.",
        action="Hand the stack trace to the owner of the top frame; roll back if it began with a release.",
        examples=("NoMethodError (undefined method `total' for nil:NilClass)",),
        near_misses=("ActiveRecord::RecordNotFound (Couldn't find Cart with 'id'=7)", "method total is defined twice"),
    ),
    Signature(
        name="ruby.gems_or_migrations",
        patterns=(
            rb"migrations are pending",
            rb"could not find [\w.-]{1,60} in (?:locally installed gems|any of the sources)",
            rb"your ruby version is [\d.]{3,12}, but your gemfile",
            rb"you have already activated [\w.-]{1,60}, but your gemfile",
            rb"cannot load such file -- ",
            rb"uninitialized constant",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="Gems, runtime or schema are not those of this version of the code.",
        action="Install from the lock file, run the migrations, or roll back.",
        examples=("Migrations are pending for cart",),
        near_misses=(
            "NoMethodError (undefined method `total' for nil:NilClass)",
            "Migrating to CreateCarts (20310101)",
        ),
    ),
    Signature(
        name="php.memory",
        patterns=(
            rb"allowed memory size of \d{1,15} bytes exhausted",
            rb"server reached (?:pm\.)?max_children",
            rb"maximum execution time of \d{1,6} seconds? exceeded",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="A request used up its memory or time, or all workers are busy.",
        action="Find the request that needs so much; then raise the limit or the number of workers.",
        examples=("Allowed memory size of 134217728 bytes exhausted in cart",),
        near_misses=('PHP Warning:  Undefined array key "total"', "ready to handle connections"),
    ),
    Signature(
        name="php.code",
        patterns=(
            rb"call to undefined method",
            rb"call to a member function [\w]{1,60}\(\) on (?:null|bool|string|array)",
            rb"uncaught (?:type|argumentcount|value)?error: ",
            rb"php parse error: ",
            rb"undefined (?:index|variable|array key|offset|property)",
            rb"cannot redeclare ",
            rb"trying to access array offset on",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The code called or read what is not there.",
        action="Hand it to the owner of the file that the record names.",
        examples=("Call to a member function total() on null",),
        near_misses=(
            "Allowed memory size of 134217728 bytes exhausted in cart",
            "PHP Startup: Unable to load dynamic library 'redis.so'",
        ),
    ),
    Signature(
        name="php.warning_in_code",
        patterns=(
            (
                rb"php (?:warning|notice): {1,2}(?:undefined|trying to access array|foreach\(\)"
                rb" argument|array to string|a non-numeric|unsupported operand|invalid argument"
                rb" supplied|division)"
            ),
        ),
        unless=(rb"fatal error",),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="The code reads what is not there; the page goes on without it.",
        action="Hand it to the owner of the file that the record names.",
        examples=("PHP Warning:  Undefined variable $total in /srv/cart.php on line 7",),
        near_misses=(
            "PHP Fatal error:  Uncaught TypeError: total(): Argument #1 must be of type int",
            "PHP Deprecated:  strftime() is deprecated",
        ),
    ),
    Signature(
        name="php.file_not_read",
        patterns=(
            rb"php warning: {1,2}php startup: unable to load dynamic library",
            (
                rb"php warning: {1,2}(?:file_get_contents|fopen|file|readfile|filemtime|filesize"
                rb"|copy|rename|unlink)\([^\n]{1,160}no such file or directory"
            ),
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="A file or an extension is not there; the program goes on without it.",
        action="Check the path and the extensions of this image.",
        examples=("PHP Warning:  fopen(/srv/cart.csv): No such file or directory",),
        near_misses=(
            "Uncaught Error: Failed opening required 'cart.php'",
            "PHP Warning:  require(cart.php): No such file or directory",
        ),
    ),
    Signature(
        name="php.part_not_deployed",
        patterns=(
            rb"\bclass \"[\w\\\\]{1,100}\" not found",
            rb"uncaught error: call to undefined function",
            rb"uncaught error: class \"[\w\\\\]{1,100}\" not found",
            rb"failed opening required '",
            rb"class [\w\\\\]{1,100} not found in",
            rb"call to undefined function [\w\\\\]{1,80}\(\)",
            rb"your php version [^\n]{1,60}(?:does not satisfy|is not)",
            rb"composer detected issues in your platform",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="A class, file or function that the code calls is not in what is deployed.",
        action=(
            "Compare what is deployed with the release; check autoload, extensions and the PHP version of the image."
        ),
        examples=('PHP Fatal error:  Uncaught Error: Class "Cart\\Total" not found in /srv/cart.php:3',),
        near_misses=(
            "Call to a member function total() on null",
            "class Total found in 2 files",
        ),
    ),
)
