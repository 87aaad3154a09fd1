"""The JVM, Spring, Hibernate, Netty, connection pools."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="jvm.out_of_memory",
        patterns=(
            rb"outofmemoryerror",
            rb"java heap space",
            rb"gc overhead limit exceeded",
            rb"failed to allocate \d{1,12} byte\(s\) of direct memory",
            rb"there is insufficient memory for the java runtime",
        ),
        unless=(
            rb"cuda",
            rb"hip out of memory",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.95,
        rank=Rank.CRITICAL,
        reason="The JVM has no heap, metaspace, direct memory or threads left; its state is not to be trusted.",
        action=(
            "Restart the process, keep the heap dump, compare memory with the last release, then fix the "
            "leak or the limit."
        ),
        examples=("java.lang.OutOfMemoryError: Java heap space",),
        near_misses=("-XX:+ExitOnHeapDump is deprecated", "java.lang.StackOverflowError"),
    ),
    Signature(
        name="jvm.binary_mismatch",
        patterns=(
            rb"nosuchmethoderror",
            rb"nosuchfielderror",
            rb"noclassdeffounderror: (?!could not initialize)",
            rb"abstractmethoderror",
            rb"incompatibleclasschangeerror",
            rb"unsupportedclassversionerror",
            rb"has been compiled by a more recent version of the java runtime",
            rb"has value \[[^\]\n]{0,40}\] but the spring boot",
            rb"local class incompatible: stream classdesc serialversionuid",
            rb"correct the classpath of your application",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.92,
        reason="Classes of different versions meet: the program was built against others than it runs with.",
        action=(
            "Compare the dependency tree of this build with the last good one; pin the library whose class is named."
        ),
        examples=("java.lang.NoSuchMethodError: 'void com.example.Cart.add(int)'",),
        near_misses=(
            'java.lang.NullPointerException: Cannot invoke "Cart.add(int)"',
            "java.lang.NoClassDefFoundError: Could not initialize class com.example.Cart",
        ),
    ),
    Signature(
        name="jvm.null_pointer",
        patterns=(rb"nullpointerexception",),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The code used an object that is not there.",
        action="Hand the stack trace to the owner of the top frame; roll back if it began with a release.",
        examples=('java.lang.NullPointerException: Cannot invoke "Cart.size()" because "cart" is null',),
        near_misses=("java.lang.IllegalStateException: cart is closed", "pointer to next page is null"),
    ),
    Signature(
        name="hikari.pool_exhausted",
        patterns=(
            rb"connection is not available, request timed out after",
            rb"timeout waiting for connection from pool",
            rb"cannot get a connection, pool (?:error|exhausted)",
            rb"poolexhaustedexception",
            rb"connection pool (?:is )?exhausted",
            rb"unable to acquire (?:jdbc )?connection from pool",
            rb"pool empty\. unable to fetch a connection",
            rb"could not get a resource from the pool",
            rb"could not obtain a (?:database )?connection (?:from the pool )?within",
            rb"acquire conn(?:ection)? timeout",
            rb"timeout exceeded when trying to connect",
            rb"no (?:free|available) connections? (?:in|from) (?:the )?pool",
            rb"timed? ?out (?:while )?(?:waiting for|acquiring) (?:a )?(?:free )?connection from (?:the )?pool",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="All connections of the pool are in use: requests wait and fail.",
        action="Look for slow queries and connections that are not given back; only then raise the pool.",
        examples=("connection pool exhausted for cart-db",),
        near_misses=(
            "HikariPool-1 - Shutdown completed.",
            "HikariPool-1 - Failed to validate connection (No operations allowed after connection closed.)",
        ),
    ),
    Signature(
        name="netty.executor_stopped",
        patterns=(
            (
                rb"rejectedexecution[^\n]{0,120}(?:event loop shut down|event executor terminated"
                rb"|shutting down|shutdown|terminated)"
            ),
            rb"event executor terminated",
            rb"event loop shut down",
            rb"executor(?: service)? (?:has been |is )?shut ?down",
            rb"illegal access: this web application instance has been stopped already",
            rb"\[(?:shutting down|terminated), pool size = ",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="Work arrived while the process was stopping; it is refused by design.",
        action="Nothing to do.",
        examples=("io.netty: task refused, event executor terminated",),
        near_misses=(
            (
                "RejectedExecutionException: Task rejected from ThreadPoolExecutor[Running, pool size = "
                "8, queued tasks = 100]"
            ),
            "task executor started",
        ),
    ),
    Signature(
        name="jvm.pool_saturated",
        patterns=(
            rb"rejected from java\.util\.concurrent\.threadpoolexecutor@\w{1,16}\[running",
            rb"threadpoolexecutor[^\n]{0,40}\[running, pool size",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="All threads are busy and the queue is full: work is turned away.",
        action="Find what the threads wait for; bound the inflow or give the pool room.",
        examples=(
            (
                "Task FutureTask@1 rejected from java.util.concurrent.ThreadPoolExecutor@2[Running, pool "
                "size = 8, active threads = 8]"
            ),
        ),
        near_misses=(
            "rejected from java.util.concurrent.ThreadPoolExecutor@2[Terminated, pool size = 0]",
            "ThreadPoolExecutor started with pool size 8",
        ),
    ),
    Signature(
        name="jvm.logging_setup",
        patterns=(
            rb"failed to load class \"?org\.slf4j\.impl",
            rb"class path contains multiple slf4j bindings",
            rb"no slf4j providers were found",
            rb"no log4j 2 configuration file found",
            rb"log4j:warn ",
            rb"unable to load native-hadoop library",
            rb"unable to load io\.netty\.resolver\.dns\.macos",
            rb"illegal reflective access",
            rb"error registering appinfo mbean",
            rb"instancealreadyexistsexception: kafka\.",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="A start-up remark of a library; the program goes on without what is missing.",
        action="Nothing to do.",
        examples=('SLF4J: Failed to load class "org.slf4j.impl.StaticLoggerBinder".',),
        near_misses=(
            "java.lang.ClassNotFoundException: org.example.CartLogger",
            "Could not load native library: libcart.so",
        ),
    ),
    Signature(
        name="hibernate.optimistic_lock",
        patterns=(
            rb"optimisticlock",
            rb"row was updated or deleted by another transaction",
            rb"staleobjectstate",
            rb"batch update returned unexpected row count",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.45,
        settles=True,
        reason="Two writers met at one row; the one that lost is meant to try again.",
        action="Nothing for one; if they are many, retry in the caller or shorten the transactions.",
        examples=("ObjectOptimisticLockingFailureException: Row was updated or deleted by another transaction",),
        near_misses=(
            "PessimisticLockException: could not extract ResultSet",
            "LazyInitializationException: could not initialize proxy",
        ),
    ),
    Signature(
        name="jvm.long_pause",
        patterns=(
            rb"thread starvation or clock leap detected",
            rb"detected jvm or host machine pause",
            rb"(?:detected|long) (?:gc|stop-the-world) pause",
            rb"total time for which application threads were stopped: [1-9]\d",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=True,
        confidence=0.75,
        reason="The process stood still for seconds: collection of a full heap, or a host that gave it no time.",
        action="Look at heap use after collection and at the host's load.",
        examples=("Detected JVM or host machine pause (eg GC): pause of approximately 11012ms",),
        near_misses=("GC(12) Pause Young (Normal) 24M->4M(256M) 3.1ms", "pause of the consumer requested"),
    ),
    Signature(
        name="jvm.stopping",
        patterns=(
            rb"singleton bean creation not allowed while",
            rb"bean creation not allowed while the singletons",
            rb"destroy method[^\n]{0,80}(?:threw|failed)",
            rb"invocation of (?:destroy|close) method failed",
            rb"exception on closing: ",
            rb"has been closed already",
            rb"shutdownhook[^\n]{0,160}(?:already closed|is closed|interruptedexception)",
            rb"the web application \[[^\]\n]{1,60}\] (?:appears|created|registered|is still)",
        ),
        unless=(
            rb"outofmemory",
            rb"corrupt",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.78,
        reason="A part was used or closed while the program was already stopping.",
        action="Nothing to do.",
        examples=(
            (
                "Invocation of close method failed on bean with name 'cart': java.lang.IllegalStateException:"
                " cart is closed"
            ),
        ),
        near_misses=(
            "java.lang.IllegalStateException: cart is closed",
            "bean 'cart' created",
        ),
    ),
)
