"""Frames of Java, Kotlin, Scala and of .NET: ``at package.Class.method(...)``."""

from __future__ import annotations

import re

from logtriage.verdicts.stacks.frame import INDENT, Frame, cleaned

_FRAME = re.compile(
    INDENT + rb"at ([A-Za-z0-9_.@-]{0,80}/{1,2})?((?:[A-Za-z0-9_$<>`|+\[\],/\x80-\xff-]{1,200}\.){1,24}"
    rb"[A-Za-z0-9_$<>`|\[\],\x80-\xff-]{1,200})(?=\()"
)
_GENERATED = re.compile(
    rb"\$\$[A-Za-z_]{1,64}(?:\$\$?[0-9a-fA-F]{1,16})?(?:/(?:0x)?[0-9a-fA-F]{1,20})?"  # CGLIB, javassist, lambda classes
    rb"|(?<=\$Proxy)[0-9]{1,6}"  # dynamic proxies
    rb"|\$[0-9]{1,6}(?![A-Za-z])"  # anonymous classes, numbers of lambdas
    rb"|__[0-9]{1,8}(?:_[0-9]{1,8})?"  # Clojure functions, .NET state machines and closures: d__12, b__3_0
    rb"|(?<=DisplayClass)[0-9]{1,6}(?:_[0-9]{1,6})?|\|[0-9]{1,6}_[0-9]{1,6}|/0x[0-9a-fA-F]{1,20}"
)

_LIBRARIES: tuple[bytes, ...] = (
    # the JDK and what runs threads, reflection and proxies: the same under every application
    *(b"java.", b"javax.", b"jdk.", b"sun.", b"com.sun.", b"jakarta."),
    # other languages of the JVM
    *(b"kotlin.", b"kotlinx.", b"scala.", b"groovy.", b"org.codehaus.groovy.", b"clojure."),
    # frameworks: how deep a call goes through them depends on versions and filters
    *(
        b"org.springframework.",
        b"io.micronaut.",
        b"io.quarkus.",
        b"org.jboss.",
        b"org.apache.catalina.",
        b"com.google.inject.",
    ),
    *(b"org.apache.tomcat.", b"org.apache.coyote.", b"org.eclipse.jetty.", b"io.undertow.", b"io.netty.", b"reactor."),
    *(
        b"io.reactivex.",
        b"akka.",
        b"org.apache.pekko.",
        b"io.vertx.",
        b"io.opentelemetry.",
        b"ch.qos.logback.",
        b"org.slf4j.",
    ),
    # data and clients
    *(
        b"org.hibernate.",
        b"com.zaxxer.hikari.",
        b"org.postgresql.",
        b"com.mysql.",
        b"oracle.jdbc.",
        b"org.apache.ibatis.",
    ),
    *(b"com.fasterxml.", b"com.google.common.", b"com.google.protobuf.", b"io.grpc.", b"okhttp3.", b"okio.", b"feign."),
    *(
        b"org.apache.http.",
        b"org.apache.hc.",
        b"org.apache.kafka.",
        b"com.rabbitmq.",
        b"redis.clients.",
        b"io.lettuce.",
    ),
    *(
        b"com.mongodb.",
        b"com.datastax.",
        b"software.amazon.awssdk.",
        b"com.amazonaws.",
        b"org.aspectj.",
        b"net.bytebuddy.",
    ),
    # tests and build
    *(b"org.junit.", b"org.mockito.", b"org.gradle.", b"org.apache.maven."),
    # .NET: the runtime and ASP.NET, Entity Framework and drivers
    *(b"System.", b"Microsoft.", b"Npgsql.", b"MySql.", b"MongoDB.", b"StackExchange.Redis.", b"Grpc.", b"Newtonsoft."),
    *(b"Serilog.", b"MediatR.", b"Polly.", b"Autofac.", b"Dapper."),
)


def read(line: bytes) -> Frame | None:
    """Read a frame; everything from the parenthesis on (file, line, arguments, jar) is cut."""
    found = _FRAME.match(line)
    if found is None:
        return None
    name, cuts = cleaned(line, *found.span(2), _GENERATED)
    module = (found.span(1),) if found[1] else ()
    return Frame(name=name, is_in_app=not name.startswith(_LIBRARIES), cuts=(*module, *cuts, (found.end(2), len(line))))
