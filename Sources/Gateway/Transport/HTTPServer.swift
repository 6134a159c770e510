package import Logging
package import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Listens on one port for HTTP/2 (prior knowledge, or ALPN with TLS) and HTTP/1.1, on several event loops. A
/// connection stays on its loop for life, and so does its responder.
package final class HTTPServer: Sendable {
    private let configuration: HTTPServerConfiguration
    private let logger: Logger
    private let makeResponder: @Sendable (any HTTPConnection) -> any RequestResponder
    private let group: MultiThreadedEventLoopGroup
    private let registry: ConnectionRegistry
    private let meter: LimitMeter
    private let listener = Mutex<(any Channel)?>(nil)

    /// - Parameters:
    ///   - meter: counts the limits that clients run into.
    ///   - makeResponder: called on a connection's event loop, once for each connection.
    package init(
        configuration: HTTPServerConfiguration, logger: Logger, meter: LimitMeter = LimitMeter(),
        makeResponder: @escaping @Sendable (any HTTPConnection) -> any RequestResponder
    ) {
        self.configuration = configuration
        self.logger = logger
        self.meter = meter
        registry = ConnectionRegistry(configuration.limits, meter)
        self.makeResponder = makeResponder
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops)
    }

    /// Connections that are open.
    package var connections: Int { registry.count }

    /// Binds and serves. Returns the address that it listens on, with its real port.
    /// - Throws: when the address cannot be bound.
    package func start() async throws -> SocketAddress {
        let limits = configuration.limits
        let makeResponder = makeResponder
        let registry = registry
        let tls = configuration.tls
        let oversights = try await oversights()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(
                    low: limits.socketBacklog / 2, high: limits.socketBacklog)
            )
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 4 << 10, initial: 16 << 10, maximum: 256 << 10)
            )
            .childChannelInitializer { channel in
                guard registry.add(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    guard let oversight = oversights[ObjectIdentifier(channel.eventLoop)] else {
                        preconditionFailure("a connection on a foreign event loop")
                    }
                    let protocols = ProtocolHandlers(
                        oversight: oversight.value, makeResponder: makeResponder)
                    if let tls {
                        try pipeline.addHandlers(
                            CleartextDetector(limits: limits),
                            NIOSSLServerHandler(context: tls.context), HandshakeHandler(protocols))
                    } else {
                        try pipeline.addHandler(PrefaceDetector(protocols))
                    }
                }
            }
        do {
            let channel = try await bootstrap.bind(
                host: configuration.host, port: configuration.port
            ).get()
            guard let address = channel.localAddress else {
                preconditionFailure("a bound socket has no address")
            }
            listener.withLock { $0 = channel }
            return address
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// By event loop; each is used on its own loop only.
    private func oversights() async throws -> [ObjectIdentifier: NIOLoopBound<Oversight>] {
        let (limits, meter) = (configuration.limits, meter)
        var found: [ObjectIdentifier: NIOLoopBound<Oversight>] = [:]
        for eventLoop in group.makeIterator() {
            found[ObjectIdentifier(eventLoop)] = try await eventLoop.submit {
                let watch = LoopWatch(eventLoop, every: limits.look)
                return NIOLoopBound(
                    Oversight(limits: limits, meter: meter, watch: watch), eventLoop: eventLoop)
            }.get()
        }
        return found
    }

    /// Accepts nothing more, tells every client (GOAWAY) and every responder, closes each
    /// connection when its last response is out, and all of them after `gracePeriod`. Ends the
    /// event loops. To be called once.
    package func drain(gracePeriod: TimeAmount) async {
        let channel = listener.withLock { $0.take() }
        try? await channel?.close()
        let connections = registry.drain()
        for connection in connections {
            connection.pipeline.fireUserInboundEventTriggered(ConnectionDrain())
        }
        let logger = logger
        let deadline = group.next().scheduleTask(in: gracePeriod) {
            logger.info("closing the connections that are still open after the grace period")
            for connection in connections { connection.close(promise: nil) }
        }
        await registry.waitUntilEmpty()
        deadline.cancel()
        do {
            try await group.shutdownGracefully()
        } catch {
            logger.warning("the event loops did not end", metadata: ["error": "\(error)"])
        }
    }
}
