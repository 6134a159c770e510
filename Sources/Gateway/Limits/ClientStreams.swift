/// Follows, frame by frame, on which streams the client may still send: libnghttp2 ignores what
/// comes for a stream that it has forgotten, and cannot tell what is late from what is wrong.
///
/// A frame is late when the server has reset a stream that the client had not ended; the client's
/// own end of a stream is all that counts here, so that late frames are as good as any. A frame is
/// wrong when the client itself had ended or reset the stream (RFC 9113, 5.1), or had passed over
/// its number (5.1.1).
package struct ClientStreams: Sendable {
    /// What ends the connection.
    package enum Violation: Equatable, Sendable {
        /// STREAM_CLOSED: a frame on a stream that the client has ended.
        case streamClosed
        /// PROTOCOL_ERROR: a stream is opened whose number is lower than one before.
        case unexpectedStream
    }

    /// Streams that the client has not ended: those that are open, and those that the server has
    /// reset and the client never ended. The oldest half is forgotten beyond this number; then
    /// everything is allowed on a stream as old.
    package static let rememberedStreams = 1024
    /// Runs of numbers passed over that are remembered; numbers of older ones count as ended.
    /// Clients pass over none.
    package static let rememberedGaps = 16

    private var highest: Int32 = -1
    /// Ascending.
    private var unended: [Int32] = []
    private var forgottenThrough: Int32 = 0
    private var gaps: [ClosedRange<Int32>] = []

    package init() {}

    /// HEADERS: a new stream, or trailers.
    package mutating func headers(_ stream: Int32, ends: Bool) -> Violation? {
        // Even numbers are the session's to judge.
        guard stream & 1 == 1 else { return nil }
        guard stream > highest else {
            guard let violation = frame(stream, ends) else { return nil }
            return gaps.contains { $0.contains(stream) } ? .unexpectedStream : violation
        }
        if stream > highest + 2 {
            if gaps.count == Self.rememberedGaps { gaps.removeFirst() }
            gaps.append(highest + 2...stream - 2)
        }
        highest = stream
        if !ends { remember(stream) }
        return nil
    }

    package mutating func data(_ stream: Int32, ends: Bool) -> Violation? {
        // An idle stream is the session's to judge, too.
        guard stream & 1 == 1, stream <= highest else { return nil }
        return frame(stream, ends)
    }

    /// RST_STREAM, which may come at any time.
    package mutating func reset(_ stream: Int32) {
        if let index = index(of: stream) { unended.remove(at: index) }
    }

    private mutating func frame(_ stream: Int32, _ ends: Bool) -> Violation? {
        guard let index = index(of: stream) else {
            return stream <= forgottenThrough ? nil : .streamClosed
        }
        if ends { unended.remove(at: index) }
        return nil
    }

    private mutating func remember(_ stream: Int32) {
        if unended.count == Self.rememberedStreams {
            let forgotten = Self.rememberedStreams / 2
            forgottenThrough = unended[forgotten - 1]
            unended.removeFirst(forgotten)
        }
        unended.append(stream)
    }

    private func index(of stream: Int32) -> Int? {
        var low = 0
        var high = unended.count
        while low < high {
            let middle = (low + high) / 2
            if unended[middle] < stream { low = middle + 1 } else { high = middle }
        }
        return low < unended.count && unended[low] == stream ? low : nil
    }
}
