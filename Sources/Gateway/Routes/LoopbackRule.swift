/// Whether a request names this machine only: `localhost`, 127.0.0.0/8 or ::1, with any port, in
/// `Host` and, when there is one, in `Origin`.
///
/// It keeps pages of the web from speaking to a server that takes anything from its own machine
/// (DNS rebinding, cross-site requests).
struct LoopbackRule {
    /// The host that was last found to be one: a connection names the same one every time.
    private var lastHost: [UInt8] = []

    mutating func allows(_ exchange: Exchange) -> Bool {
        let host = exchange.withHeader(.host) { allows(host: $0) } ?? true
        let origin = exchange.withHeader(.origin) { Self.isLoopback(origin: $0) } ?? true
        return host && origin
    }

    private mutating func allows(host: UnsafeRawBufferPointer) -> Bool {
        if !lastHost.isEmpty, host.equals(lastHost) { return true }
        guard Self.isLoopback(authority: host) else { return false }
        lastHost = Array(host)
        return true
    }

    /// `http://localhost:8080`, scheme and authority.
    static func isLoopback(origin: UnsafeRawBufferPointer) -> Bool {
        for scheme in ["http://", "https://"] where origin.starts(with: scheme.utf8) {
            return isLoopback(
                authority: UnsafeRawBufferPointer(rebasing: origin[scheme.utf8.count...]))
        }
        return false
    }

    /// `localhost:8080`, `127.0.0.1`, `[::1]:8080`.
    static func isLoopback(authority: UnsafeRawBufferPointer) -> Bool {
        var host = authority[...]
        if let colon = host.lastIndex(of: UInt8(ascii: ":")),
            host[(colon + 1)...].allSatisfy({ (0x30...0x39).contains($0) }),
            host.first != UInt8(ascii: "[") || host[..<colon].last == UInt8(ascii: "]")
        {
            host = host[..<colon]
        }
        let name = host.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if name.elementsEqual("localhost".utf8) || name.elementsEqual("[::1]".utf8) { return true }
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual("127".utf8) else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
        }
    }
}
