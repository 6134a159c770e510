internal import NIOCore

/// Where and how an `HTTPServer` listens.
package struct HTTPServerConfiguration: Sendable {
    package var host: String
    /// 0 takes a free one.
    package var port: Int
    package var eventLoops: Int
    package var limits: TransportLimits
    /// nil: in the clear.
    package var tls: TLSIdentity?

    package init(
        host: String = "127.0.0.1", port: Int = 8080, eventLoops: Int = System.coreCount,
        limits: TransportLimits = TransportLimits()
    ) {
        self.host = host
        self.port = port
        self.eventLoops = eventLoops
        self.limits = limits
    }
}
