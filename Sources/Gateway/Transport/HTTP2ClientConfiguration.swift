package import NIOCore

package struct HTTP2ClientConfiguration: Sendable {
    package var limits: TransportLimits
    /// For the connection, and again for the TLS handshake.
    package var connectTimeout: TimeAmount
    /// nil: in the clear.
    package var trust: TLSTrust?
    /// Whether the fields of responses are kept; without them a response costs no storage.
    package var keepsFields: Bool

    package init(
        limits: TransportLimits = TransportLimits(), connectTimeout: TimeAmount = .seconds(10),
        trust: TLSTrust? = nil, keepsFields: Bool = true
    ) {
        self.limits = limits
        self.connectTimeout = connectTimeout
        self.trust = trust
        self.keepsFields = keepsFields
    }
}
