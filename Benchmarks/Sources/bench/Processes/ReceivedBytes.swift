/// What came over a socket and is not taken yet.
struct ReceivedBytes {
    private let socket: Socket
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var start = 0
    private var end = 0

    init(from socket: Socket) {
        self.socket = socket
    }

    /// The bytes that are there, from the first one not taken.
    var waiting: ArraySlice<UInt8> { buffer[start..<end] }

    /// Receives once.
    mutating func fill() throws {
        if start > 0 {
            buffer.replaceSubrange(0..<end - start, with: buffer[start..<end])
            end -= start
            start = 0
        }
        if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        end += try buffer.withUnsafeMutableBytes {
            try socket.receive(UnsafeMutableRawBufferPointer(rebasing: $0[end...]))
        }
    }

    /// Waits until so many bytes are there.
    mutating func receive(atLeast count: Int) throws {
        while end - start < count { try fill() }
    }

    /// Waits for so many bytes, and takes them.
    mutating func take(_ count: Int) throws -> [UInt8] {
        try receive(atLeast: count)
        defer { start += count }
        return Array(buffer[start..<start + count])
    }

    /// Takes bytes that are there.
    mutating func drop(_ count: Int) {
        precondition(count <= end - start, "bytes that did not come are dropped")
        start += count
    }
}
