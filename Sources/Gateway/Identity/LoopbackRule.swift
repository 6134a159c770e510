/// Whether a name is this machine's own: `localhost`, 127.0.0.0/8 or ::1, with any port.
enum LoopbackRule {
    /// `http://localhost:8080`, scheme and authority.
    static func isLoopback(origin: UnsafeRawBufferPointer) -> Bool {
        OriginRule.authority(of: origin).map { isLoopback(authority: $0) } ?? false
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
