import Glibc

/// A TCP connection that sends exactly the bytes it is given. It blocks threads of its own only.
final class RawSocket: Sendable {
    struct Failure: Error {
        var call: String
        var code: Int32
    }

    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    static func connect(port: Int) async throws -> RawSocket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        let connection = RawSocket(descriptor: descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(call: "connect", code: errno) }
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        return connection
    }

    func send(_ text: String, times: Int = 1) async throws {
        try await blocking { [descriptor] in
            let bytes = Array(text.utf8)
            for _ in 0..<times { try Self.sendAll(bytes, descriptor) }
        }
    }

    private static func sendAll(_ bytes: [UInt8], _ descriptor: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(call: "send", code: errno) }
            sent += count
        }
    }

    /// Ends our side; the other may still send.
    func shutdownOutput() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What arrives until `text` (short) is part of it, the peer closes, or five seconds pass
    /// without a byte.
    func receive(until text: String? = nil) async -> String {
        var received: [UInt8] = []
        while let bytes = await receiveOnce() {
            received += bytes
            if let text, String(decoding: received, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Counts instead of keeping.
    func receiveCount(until text: String) async -> Int {
        let end = Array(text.utf8)
        var tail: [UInt8] = []
        var total = 0
        while tail != end, let bytes = await receiveOnce() {
            total += bytes.count
            tail = Array((tail + bytes.suffix(end.count)).suffix(end.count))
        }
        return total
    }

    private func receiveOnce() async -> [UInt8]? {
        try? await blocking { [descriptor] in
            var chunk = [UInt8](repeating: 0, count: 256 << 10)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { throw Failure(call: "recv", code: errno) }
            return Array(chunk[..<count])
        }
    }
}
