package import NIOCore

/// Body bytes that wait to be sent, in order. Buffers are kept by reference; a message of one
/// buffer needs no further storage.
package struct OutboundBody {
    /// Small copied writes share a buffer up to this size.
    private static let gatherLimit = 32 << 10

    private var first = ByteBuffer()
    private var rest: [ByteBuffer] = []
    /// Index in `rest` of the buffer that follows `first`.
    private var next = 0
    /// The last buffer of `rest` is ours to append to.
    private var gathers = false

    package private(set) var count = 0
    /// Nothing will be appended any more.
    package var isFinished = false

    package init() {}

    package mutating func append(_ buffer: ByteBuffer) {
        guard buffer.readableBytes > 0 else { return }
        if count == 0 {
            first = buffer
        } else {
            rest.append(buffer)
            gathers = false
        }
        count += buffer.readableBytes
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        if gathers, rest.count > next, rest[rest.count - 1].readableBytes < Self.gatherLimit {
            rest[rest.count - 1].writeBytes(bytes)
        } else {
            rest.append(ByteBuffer(bytes: bytes))
            gathers = true
        }
        count += bytes.count
    }

    /// Moves the first `length` bytes (at most `count`) to the end of `output`.
    package mutating func move(_ length: Int, to output: inout ByteBuffer) {
        var missing = length
        count -= length
        while missing > 0 {
            if first.readableBytes == 0 { advance() }
            let part = min(missing, first.readableBytes)
            first.withUnsafeReadableBytes { bytes in
                _ = output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes.prefix(part)))
            }
            first.moveReaderIndex(forwardBy: part)
            missing -= part
        }
        if count == 0 { release() }
    }

    /// The first `length` bytes by reference; nil when they do not lie in one buffer.
    package mutating func takeSlice(_ length: Int) -> ByteBuffer? {
        if first.readableBytes == 0, count > 0 { advance() }
        guard let slice = first.readSlice(length: length) else { return nil }
        count -= length
        if count == 0 { release() }
        return slice
    }

    /// The next buffer whole; nil when nothing waits.
    package mutating func takeBuffer() -> ByteBuffer? {
        guard count > 0 else { return nil }
        if first.readableBytes == 0 { advance() }
        let buffer = first
        count -= buffer.readableBytes
        first = ByteBuffer()
        if count == 0 { release() }
        return buffer
    }

    package mutating func removeAll() {
        count = 0
        release()
    }

    private mutating func advance() {
        precondition(next < rest.count, "the count of unsent bytes and the buffers differ")
        first = rest[next]
        // The slot must not hold a second reference: a later append there would copy.
        rest[next] = ByteBuffer()
        next += 1
        if next == rest.count {
            rest.removeAll(keepingCapacity: true)
            next = 0
            gathers = false
        } else if next >= 64, next * 2 >= rest.count {
            rest.removeFirst(next)
            next = 0
        }
    }

    private mutating func release() {
        first = ByteBuffer()
        rest.removeAll(keepingCapacity: true)
        next = 0
        gathers = false
    }
}
