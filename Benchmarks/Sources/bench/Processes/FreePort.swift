import Glibc

/// A port of this machine that nobody listens on at the moment.
func freePort() throws -> Int {
    let descriptor = try systemCall("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try systemCall("bind") {
        withUnsafeBytes(of: &address) { bytes in
            bind(
                descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), length)
        }
    }
    try systemCall("getsockname") {
        withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(
                descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Tries until it succeeds or the seconds are over: a server that was just started needs a moment.
func eventually<Result>(
    within seconds: Double, _ body: () throws -> Result
) throws -> Result {
    let start = ContinuousClock.now
    while true {
        do {
            return try body()
        } catch {
            if ContinuousClock.now - start > .seconds(seconds) { throw error }
            usleep(20_000)
        }
    }
}
