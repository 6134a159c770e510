import Glibc

/// One connected, blocking stream socket.
final class Socket {
    let descriptor: Int32

    /// Connects to a port of this machine, without delaying small writes.
    init(port: Int) throws {
        descriptor = try systemCall("socket") {
            socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var one: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        try systemCall("connect to port \(port)") {
            withUnsafeBytes(of: &address) { bytes in
                connect(
                    descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(bytes.count))
            }
        }
    }

    /// Connects to a socket in the file system.
    init(path: String) throws {
        descriptor = try systemCall("socket") {
            socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { field in
            precondition(path.utf8.count < field.count, "the path of a socket is too long: \(path)")
            field.copyBytes(from: path.utf8)
        }
        try systemCall("connect to \(path)") {
            withUnsafeBytes(of: &address) { bytes in
                connect(
                    descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(bytes.count))
            }
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let sent: Int = try systemCall("send") {
                Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
    }

    func send(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes(send)
    }

    /// Receives what is there, or waits for something.
    /// - Throws: `Fault` also when the other side has closed.
    func receive(_ space: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try systemCall("receive") {
            recv(descriptor, space.baseAddress, space.count, 0)
        }
        guard count > 0 else { throw Fault("the connection was closed by the other side") }
        return count
    }

    /// Whether something can be received without waiting.
    var isReadable: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    deinit {
        close(descriptor)
    }
}
