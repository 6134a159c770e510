package import NIOCore

/// Frames that are ready for the socket: one buffer of copied bytes, between which stand references
/// to long pieces of bodies. A cached body that goes to thousands of clients is copied by nobody
/// but the kernel.
package struct AssembledOutput {
    /// A shorter piece costs less to copy than to keep apart.
    static let sharedPieceMinimum = 4 << 10

    private static let keptCapacity = 1 << 20

    private var copied = ByteBuffer()
    /// Pieces, each with the number of copied bytes that go before it.
    private var shared: [(after: Int, piece: ByteBuffer)] = []
    package private(set) var count = 0

    package init() {}

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        copied.writeBytes(bytes)
        count += bytes.count
    }

    /// Moves the next `length` bytes of `body` here.
    mutating func append(_ length: Int, of body: inout OutboundBody) {
        if length >= Self.sharedPieceMinimum, let piece = body.takeSlice(length) {
            shared.append((after: copied.writerIndex, piece: piece))
        } else {
            body.move(length, to: &copied)
        }
        count += length
    }

    package mutating func removeAll() {
        if copied.storageCapacity > Self.keptCapacity {
            copied = ByteBuffer()
        } else {
            copied.clear()
        }
        shared.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Writes all of it, in order, and flushes; the socket takes it in one gathering write.
    func writeAndFlush(to context: ChannelHandlerContext) {
        guard !shared.isEmpty else {
            context.writeAndFlush(NIOAny(copied), promise: nil)
            return
        }
        var start = 0
        for (end, piece) in shared {
            write(copiedFrom: start, to: end, context)
            context.write(NIOAny(piece), promise: nil)
            start = end
        }
        write(copiedFrom: start, to: copied.writerIndex, context)
        context.flush()
    }

    /// All of it in one buffer, copied.
    package func joined() -> ByteBuffer {
        var bytes = ByteBuffer()
        var start = 0
        for (end, piece) in shared {
            bytes.writeImmutableBuffer(
                copied.getSlice(at: start, length: end - start) ?? ByteBuffer())
            bytes.writeImmutableBuffer(piece)
            start = end
        }
        bytes.writeImmutableBuffer(
            copied.getSlice(at: start, length: copied.writerIndex - start) ?? ByteBuffer())
        return bytes
    }

    private func write(copiedFrom start: Int, to end: Int, _ context: ChannelHandlerContext) {
        guard start < end, let slice = copied.getSlice(at: start, length: end - start) else {
            return
        }
        context.write(NIOAny(slice), promise: nil)
    }
}
