/// Every limit of a server that may be set.
package struct ServerLimits: Sendable {
    package var transport = TransportLimits()
    package var requests = RequestLimits()

    package init() {}
}
