package import NIOCore

package struct HTTP2ClientConfiguration: Sendable {
    package var limits: TransportLimits
    package var connectTimeout: TimeAmount
    /// Whether the fields of responses are kept; without them a response costs no storage.
    package var keepsFields: Bool

    package init(
        limits: TransportLimits = TransportLimits(), connectTimeout: TimeAmount = .seconds(10),
        keepsFields: Bool = true
    ) {
        self.limits = limits
        self.connectTimeout = connectTimeout
        self.keepsFields = keepsFields
    }
}
