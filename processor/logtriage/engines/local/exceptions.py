"""What exception classes mean, by simple name: Java, Python, JavaScript, Go, .NET, Ruby, PHP, Rust."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.finding import Meaning
from logtriage.schema.category import Category as C
from logtriage.schema.severity import Severity as S

_VAGUE_BUG: Final = Meaning(category=C.CODE_BUG, is_decisive=False)
_VAGUE_OUTAGE: Final = Meaning(category=C.UPSTREAM_OUTAGE, is_decisive=False)
_VAGUE_TIMEOUT: Final = Meaning(category=C.TRANSIENT_NETWORK, severity=S.WARN, is_decisive=False)
_BLIP: Final = Meaning(category=C.TRANSIENT_NETWORK, severity=S.WARN, is_actionable=False)

_NAMES: Final[dict[Meaning, str]] = {
    Meaning(category=C.CODE_BUG): """
        NullPointerException ClassCastException ArrayIndexOutOfBoundsException StringIndexOutOfBoundsException
        IndexOutOfBoundsException ConcurrentModificationException ArithmeticException
        NegativeArraySizeException ArrayStoreException NoSuchElementException UnsupportedOperationException
        StackOverflowError AssertionError LazyInitializationException NonUniqueResultException
        BadSqlGrammarException SQLSyntaxErrorException CloneNotSupportedException IllegalMonitorStateException
        TransactionRequiredException NonUniqueObjectException TypeError AttributeError KeyError IndexError
        NameError UnboundLocalError ZeroDivisionError RecursionError NotImplementedError SyntaxError
        IndentationError StopIteration GeneratorExit LookupError ReferenceError RangeError EvalError
        AggregateError UnhandledPromiseRejection NullReferenceException IndexOutOfRangeException
        InvalidCastException DivideByZeroException ArgumentNullException ArgumentOutOfRangeException
        KeyNotFoundException ObjectDisposedException NotImplementedException StackOverflowException
        AccessViolationException NoMethodError FrozenError LocalJumpError FiberError ArgumentCountError
        DivisionByZeroError UnhandledMatchError ProgrammingError UninitializedPropertyAccessException
        NoWhenBranchMatchedException DetachedInstanceError MissingGreenlet InvalidRequestError FieldError
        TemplateSyntaxError SynchronousOnlyOperation
        MySQLSyntaxErrorException IllegalThreadStateException RuntimeBinderException
        DuplicateNameException AmbiguousMatchException BadMethodCallException PoisonError
        BorrowMutError MultipleObjectsReturned ObjectDoesNotExist DoesNotExist AppRegistryNotReady
        NoReverseMatch InvalidHeader TransientPropertyValueException TransientObjectException
    """,
    _VAGUE_BUG: """
        RuntimeException IllegalStateException IllegalArgumentException RuntimeError
        ValueError InvalidOperationException ArgumentException ArgumentError StandardError ExecutionException
        CompletionException UndeclaredThrowableException InvocationTargetException ServletException
        NestedServletException AggregateException TargetInvocationException LogicException ErrorException
        BaseException
        SQLException PSQLException SqlException PDOException QueryException JpaSystemException
        HibernateException DatabaseError SequelizeDatabaseError QueryFailedError StatementInvalid
        TypeInitializationException CommandError PersistenceException DbUpdateException
        KafkaException
    """,
    Meaning(category=C.DEPLOYMENT_DRIFT): """
        NoSuchMethodError NoSuchFieldError NoClassDefFoundError ClassNotFoundException AbstractMethodError
        IncompatibleClassChangeError UnsupportedClassVersionError IllegalAccessError VerifyError LinkageError
        UnsatisfiedLinkError NoSuchMethodException InvalidClassException ModuleNotFoundError ImportError
        MissingMethodException MissingFieldException TypeLoadException FileLoadException
        BadImageFormatException MethodAccessException EntryPointNotFoundException DllNotFoundException
        InconsistentMigrationHistory UndefinedColumn UndefinedTable UndefinedFunction NoSuchTableError
        PendingMigrationError UnsupportedVersionException SchemaManagementException FlywayValidateException
        IncompatibleSchemaException PackageNotFoundError InvalidSchemaException
        UnknownProtocolVersionException VersionNotFoundException LoadError
        UnknownAttributeError MissingManifestResourceException PlatformNotSupportedException
        MissingTemplate
    """,
    Meaning(category=C.CONFIG_ERROR): """
        NoSuchBeanDefinitionException UnsatisfiedDependencyException BeanDefinitionOverrideException
        NoUniqueBeanDefinitionException InvalidConfigurationPropertyValueException
        ConfigDataLocationNotFoundException ConfigDataResourceNotFoundException ConfigException
        ConfigurationException ConfigurationError ImproperlyConfigured ConfigurationErrorsException
        MissingRequiredPropertiesException UnboundConfigurationPropertiesException
        ConfigurationPropertiesBindException BindException PortInUseException UnknownHostException
        FileNotFoundException FileNotFoundError NotADirectoryError DirectoryNotFoundException
        MissingConfigException NoRegionError NoCredentialsError ProfileNotFound DefaultCredentialsError
        PartialCredentialsError DriverNotFoundException NoSuchFileException MissingResourceException
        NoSuchBucket NoSuchKeyException ResourceNotFoundException UnknownTopicOrPartitionException
        DatabaseNotFoundException NamingException NameNotFoundException InvalidPropertiesFormatException
        PlaceholderResolutionException UnknownServiceError NoSuchModuleError
        InvalidUrlException MalformedURLException MissingSchema InvalidURL URISyntaxException ERR_INVALID_URL
        DisallowedHost OptionsValidationException
        KeyStoreException UnrecoverableKeyException
        NoSuchAlgorithmException UnsupportedEncodingException NoDatabaseError ChannelClosedByBroker
        TooManyRedirects BindingResolutionException DecryptException
    """,
    Meaning(category=C.CONFIG_ERROR, is_decisive=False): """
        BeanCreationException BeanInitializationException ApplicationContextException
        BeanDefinitionStoreException ProvisioningException DeploymentException CreationException
        NotFoundException ResourceNotFound NoSuchKey
    """,
    Meaning(category=C.RESOURCE_EXHAUSTION): """
        CannotGetJdbcConnectionException PoolExhaustedException ConnectionPoolTimeoutException
        SQLTransientConnectionException EsRejectedExecutionException RejectedExecutionException
        TaskRejectedException BulkheadFullException RequestLimitExceeded LimitExceededException
        ThrottlingException ProvisionedThroughputExceededException TooManyRequestsException TooManyRequests
        RateLimitError RateLimitExceeded QuotaExceededException CircuitBreakingException
        BufferExhaustedException TooManyConnections PoolTimeout EmptyPoolError InsufficientMemoryException
        RequestRejectedException BlockingIOError RateLimiterRejectedException SlowDown
        InsufficientInstanceCapacity TooManyConnectionsError QueueFull ConnectionPoolError
        ConnectionAcquireTimeoutError LockAcquisitionException CannotAcquireLockException
        QueryTimeoutException TransactionTimedOutException StatementTimeout LockWaitTimeout
        RequestTimeoutException RequestExpiryError WorkerLostError TimeLimitExceeded
    """,
    Meaning(category=C.RESOURCE_EXHAUSTION, severity=S.FATAL): """
        OutOfMemoryError MemoryError OutOfMemoryException NoMemoryError OutOfDirectMemoryError
        DiskFullException DiskFull OutOfDiskSpaceException BrokenProcessPool
    """,
    Meaning(category=C.DATA_QUALITY, is_actionable=False): """
        JsonParseException JsonMappingException MismatchedInputException InvalidFormatException
        JsonSyntaxException UnrecognizedPropertyException MalformedJsonException
        HttpMessageNotReadableException JSONDecodeError UnicodeDecodeError UnicodeEncodeError UnicodeError
        JsonException JsonReaderException JsonSerializationException FormatException NumberFormatException
        DateTimeParseException ParseException ParseError SerializationException DeserializationException
        MalformedInputException UnmappableCharacterException CharacterCodingException
        InvalidProtocolBufferException SAXParseException XMLSyntaxError ExpatError XmlException ParserError
        EncodingError DataError MapperParsingException DocumentParsingException CorruptRecordException
        InvalidRecordException ZipException BadZipFile BadZipfile EOFError UnmarshalException DecodeError
        DecodingFailure CsvMalformedLineException InvalidByteSequenceError UndefinedConversionError
        ParserError AvroTypeException SchemaParseException AvroRuntimeException ConversionFailedException
        TypeMismatchException SQLDataException InvalidDatetimeFormat NumericValueOutOfRange
        StringDataRightTruncation PrematureEOFException ChecksumException InvalidDataException
        DataFormatException UTFDataFormatException InvalidObjectException StreamCorruptedException
        InputMismatchException ParseIntError ParseFloatError UnmarshalTypeError CastError
        MalformedCSVError
    """,
    Meaning(category=C.DATA_QUALITY, severity=S.WARN, is_actionable=False): """
        ValidationError ValidationException ConstraintViolationException MethodArgumentNotValidException
        DataIntegrityViolationException DuplicateKeyException UniqueViolation
        UniqueConstraintViolationException IntegrityError MethodArgumentTypeMismatchException
        MissingServletRequestParameterException SQLIntegrityConstraintViolationException
        RequestValidationError RecordNotUnique RecordInvalid NotNullViolation ForeignKeyViolation
        BindingException DuplicateKeyError WebExchangeBindException HttpMediaTypeNotSupportedException
        BadRequestException
        PayloadTooLargeError MaxUploadSizeExceededException MultipartException
        HttpRequestMethodNotSupportedException HttpMediaTypeNotAcceptableException BadRequestError
        URIError ModelNotFoundException RecordNotFound SMTPRecipientsRefused
    """,
    Meaning(category=C.AUTH_AUTHZ): """
        SSLHandshakeException CertificateExpiredException CertPathValidatorException CertPathBuilderException
        CertificateException SunCertPathBuilderException SSLPeerUnverifiedException ValidatorException
        SSLCertVerificationError CertificateError AccessDeniedException AccessControlException
        AuthenticationException BadCredentialsException InsufficientAuthenticationException SecurityException
        ExpiredJwtException SignatureException MalformedJwtException InvalidTokenException
        TokenExpiredException InvalidBearerTokenException JwtException TokenExpiredError JsonWebTokenError
        ExpiredSignatureError InvalidSignatureError InvalidTokenError PermissionError PermissionDenied
        NotAuthorizedException UnauthorizedException ForbiddenException UnauthorizedAccessException
        SecurityTokenExpiredException SecurityTokenInvalidSignatureException UnauthorizedError ForbiddenError
        AccessDenied ExpiredTokenException ExpiredToken InvalidSignatureException UnrecognizedClientException
        InvalidClientTokenId SignatureDoesNotMatch LoginException SaslAuthenticationException
        TopicAuthorizationException GroupAuthorizationException ClusterAuthorizationException
        AuthenticationError AuthorizationException FailedLoginException AuthorizationError GSSException
        KrbException SSLCertificateError InvalidGrantError OAuth2AuthenticationException AuthenticationFailed
        AuthenticationFailedException CredentialsProviderError NotAuthenticated InvalidAuthenticityToken
        PGPException CertificateNotYetValidException MongoSecurityException PasswordExpiredException
        InsufficientPrivilege InvalidPassword AuthFailed TokenRefreshError ERR_TLS_CERT_ALTNAME_INVALID
        CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY
        SMTPAuthenticationError MailAuthenticationException InvalidKeyException NotBeforeError
        NotAuthorizedError
    """,
    Meaning(category=C.UPSTREAM_OUTAGE): """
        ConnectException NoRouteToHostException ConnectionRefusedError HttpHostConnectException
        ServerSelectionTimeoutError MongoTimeoutException NoServersAvailable NoBrokersAvailable
        MongoServerSelectionError CommunicationsException RedisConnectionException
        RedisConnectionFailureException JedisConnectionException BrokerNotAvailableException
        NotEnoughReplicasException NoNodeAvailableException NoHostAvailableException
        NoAvailableServerException AllNodesFailedException MasterNotDiscoveredException ClusterBlockException
        ServiceUnavailableException ServiceUnavailable BadGateway BadGatewayException ConnectFailure
        HttpServerErrorException ServiceUnavailableError UnavailableException CannotConnectException
        NoHealthyUpstreamException CallNotPermittedException CircuitBreakerError BrokenCircuitException
        CircuitBreakerOpenException AmqpConnectException ConnectionRefused ECONNREFUSED
        NoLivingConnectionsError SearchPhaseExecutionException ConnectionLossException GatewayTimeout
        ReadOnlyFileSystemException NoShardAvailableActionException BookieException HttpHostUnreachable
        KafkaStorageException ConnectionRefusedException NetworkUnreachable
        EndpointConnectionError ClientConnectorError AMQPConnectionError
        KafkaJSNumberOfRetriesExceeded KafkaJSConnectionError ConnectionNotEstablished ProxyError
        MailSendException ConnectionBad CannotConnectError
    """,
    _VAGUE_TIMEOUT: """
        ConnectTimeoutException ConnectTimeout ConnectTimeoutError SocketTimeoutException HttpTimeoutException
        ReadTimeoutException TimeoutException TimeoutError ReadTimeout ReadTimeoutError OpenTimeout
    """,
    _VAGUE_OUTAGE: """
        OperationalError ConnectionError NewConnectionError MaxRetryError ResourceAccessException
        RetryableException HttpRequestException WebException MongoNetworkError MongoConnectionException
        CannotCreateTransactionException JDBCConnectionException StatusRuntimeException RpcException RpcError
        InterfaceError ConnectError APIConnectionError InternalServerError FeignException
        SQLNonTransientConnectionException SQLRecoverableException TaskCanceledException
        DataAccessResourceFailureException RemoteException
        AxiosError FetchError WebClientRequestException WebClientResponseException
        HttpClientErrorException PrismaClientInitializationError ClientConnectionError
    """,
    _BLIP: """
        ConnectionResetError BrokenPipeError ConnectionAbortedError RemoteDisconnected IncompleteRead
        ChunkedEncodingError ProtocolError ServerDisconnectedError ClientOSError ConnectionClosedException
        ClosedChannelException NoHttpResponseException ConnectionResetException NotLeaderOrFollowerException
        NotLeaderForPartitionException NotCoordinatorException DisconnectException NetworkException
        LeaderNotAvailableException AlreadyClosedException ShutdownSignalException AmqpIOException
        RemoteProtocolError ConnectionClosedError TemporaryFailureInNameResolution ReconnectableException
        PrematureCloseException WriteTimeout CoordinatorNotAvailableException RebalanceInProgressException
        OptimisticLockException ObjectOptimisticLockingFailureException StaleObjectStateException ETIMEDOUT
        ECONNRESET
        ConnectionDoesNotExistError ClientConnectorDNSError StreamLostError ConnectionClosedByBroker
        BusyLoadingError ReadOnlyError SMTPServerDisconnected SSLEOFError ClientPayloadError
        ServerTimeoutError CancellationException ClosedByInterruptException
        OperationCanceledException DbUpdateConcurrencyException EndOfStreamException AbortError
        CancelledError
    """,
    Meaning(category=C.TRANSIENT_NETWORK, severity=S.WARN, is_actionable=False, is_decisive=False): """
        SocketException EOFException ClosedResourceError NettyIOException
    """,
    Meaning(category=C.NOISE, severity=S.DEBUG, is_actionable=False): """
        ClientAbortException AsyncRequestNotUsableException ConnectionResetByPeerOnClient
    """,
}

CLASSES: Final[dict[bytes, Meaning]] = {
    name.encode("ascii"): meaning for meaning, names in _NAMES.items() for name in names.split()
}
"""Meaning by simple class name, letter case as written in code."""

ENDINGS: Final[tuple[tuple[bytes, Meaning], ...]] = (
    (b"outofmemory", Meaning(category=C.RESOURCE_EXHAUSTION, severity=S.FATAL)),
    (b"exhausted", Meaning(category=C.RESOURCE_EXHAUSTION)),
    (b"quota", Meaning(category=C.RESOURCE_EXHAUSTION)),
    (b"throttl", Meaning(category=C.RESOURCE_EXHAUSTION)),
    (b"ratelimit", Meaning(category=C.RESOURCE_EXHAUSTION)),
    (b"toomany", Meaning(category=C.RESOURCE_EXHAUSTION)),
    (b"denied", Meaning(category=C.AUTH_AUTHZ)),
    (b"unauthor", Meaning(category=C.AUTH_AUTHZ)),
    (b"forbidden", Meaning(category=C.AUTH_AUTHZ)),
    (b"authenticat", Meaning(category=C.AUTH_AUTHZ)),
    (b"credential", Meaning(category=C.AUTH_AUTHZ)),
    (b"certificate", Meaning(category=C.AUTH_AUTHZ)),
    (b"token", Meaning(category=C.AUTH_AUTHZ)),
    (b"unavailable", Meaning(category=C.UPSTREAM_OUTAGE)),
    (b"refused", Meaning(category=C.UPSTREAM_OUTAGE)),
    (b"unreachable", Meaning(category=C.UPSTREAM_OUTAGE)),
    (b"timeout", _VAGUE_TIMEOUT),
    (b"timedout", _VAGUE_TIMEOUT),
    (b"connect", _VAGUE_OUTAGE),
    (b"version", Meaning(category=C.DEPLOYMENT_DRIFT, is_decisive=False)),
    (b"incompatib", Meaning(category=C.DEPLOYMENT_DRIFT)),
    (b"migration", Meaning(category=C.DEPLOYMENT_DRIFT)),
    (b"config", Meaning(category=C.CONFIG_ERROR)),
    (b"notfound", Meaning(category=C.CONFIG_ERROR, is_decisive=False)),
    (b"missing", Meaning(category=C.CONFIG_ERROR, is_decisive=False)),
    (b"validation", Meaning(category=C.DATA_QUALITY, is_decisive=False)),
    (b"parse", Meaning(category=C.DATA_QUALITY)),
    (b"decod", Meaning(category=C.DATA_QUALITY)),
    (b"deserial", Meaning(category=C.DATA_QUALITY)),
    (b"malformed", Meaning(category=C.DATA_QUALITY)),
    (b"duplicate", Meaning(category=C.DATA_QUALITY, is_decisive=False)),
    (b"format", Meaning(category=C.DATA_QUALITY)),
    (b"corrupt", Meaning(category=C.DATA_QUALITY)),
    (b"syntax", _VAGUE_BUG),
    (b"null", _VAGUE_BUG),
    (b"assert", _VAGUE_BUG),
)
"""What a part of an unknown class name says, lower case; the first that occurs counts."""
