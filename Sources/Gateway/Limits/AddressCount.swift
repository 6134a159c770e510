internal import Glibc
package import NIOCore

/// Counts connections, in all and by the address that they come from.
package struct AddressCount: Sendable {
    /// An IPv4 address, or the network of 64 bits that one IPv6 client commonly has to itself.
    package struct Key: Hashable, Sendable {
        private let isIPv4: Bool
        private let bits: UInt64

        /// nil for an address that is no IP address.
        package init?(_ address: SocketAddress?) {
            switch address {
            case .v4(let address):
                isIPv4 = true
                bits = UInt64(address.address.sin_addr.s_addr)
            case .v6(let address):
                var found = address.address.sin6_addr
                (isIPv4, bits) = withUnsafeBytes(of: &found) { bytes in
                    // ::ffff:a.b.c.d is an IPv4 client of a socket for both.
                    let isMapped =
                        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff
                        && bytes[11] == 0xff
                    return isMapped
                        ? (true, UInt64(bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
                        : (false, bytes.loadUnaligned(as: UInt64.self))
                }
            default: return nil
            }
        }
    }

    private let limits: TransportLimits
    private var total = 0
    private var counts: [Key: Int] = [:]

    package init(_ limits: TransportLimits) {
        self.limits = limits
    }

    /// - Returns: the limit that keeps it out; nil when it was counted.
    package mutating func add(_ key: Key?) -> Limit? {
        guard total < limits.connections else { return .connections }
        if let key {
            guard counts[key, default: 0] < limits.connectionsPerAddress else {
                return .connectionsPerAddress
            }
            counts[key, default: 0] += 1
        }
        total += 1
        return nil
    }

    package mutating func remove(_ key: Key?) {
        total -= 1
        guard let key, let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}
