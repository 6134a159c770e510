/// Tells a client's frame that is late from one that is wrong, when it comes for a stream that is
/// not open. libnghttp2 ignores both, since it remembers no closed stream.
///
/// A stream that is not open, though a higher number was, was ended by the client itself, was left
/// out by it, or was reset by the server. Only in the last case may frames still be on their way
/// (RFC 9113, 5.1), so only those streams are remembered, and the numbers that were left out,
/// because RFC 9113, 5.1.1, names their error.
package struct ClosedStreams {
    package enum Frame {
        case headers
        case data
    }

    package enum Finding: Equatable {
        /// A new stream, or the rest of one that the server reset.
        case allowed
        /// The client had ended the stream: STREAM_CLOSED.
        case closed
        /// The number is lower than one before it: PROTOCOL_ERROR.
        case unexpected
    }

    /// Resets that are remembered. Of streams before the ones that are forgotten, everything is
    /// taken for late.
    package static let rememberedResets = 256
    /// Ranges of numbers left out that are remembered; older ones count as closed. Clients leave
    /// out none.
    package static let rememberedGaps = 16

    private var highest: Int32 = -1
    /// The newest stream, as long as the session did not take it.
    private var undecided: Int32 = 0
    private var resets: [Int32] = []
    private var oldestReset = 0
    private var forgottenThrough: Int32 = 0
    private var gaps: [ClosedRange<Int32>] = []

    package init() {}

    /// Judges a frame of the client for a stream that is not open. HEADERS for a number higher than
    /// all before begins a stream.
    package mutating func judge(_ frame: Frame, _ stream: Int32) -> Finding {
        // Even and unused numbers are the session's to judge.
        guard stream & 1 == 1 else { return .allowed }
        if stream > highest {
            if frame == .headers { begin(stream) }
            return .allowed
        }
        if stream == undecided || stream <= forgottenThrough || resets.contains(stream) {
            return .allowed
        }
        if frame == .headers, gaps.contains(where: { $0.contains(stream) }) { return .unexpected }
        return .closed
    }

    private mutating func begin(_ stream: Int32) {
        if undecided != 0 { noteReset(undecided) }
        if stream > highest + 2 {
            if gaps.count == Self.rememberedGaps { gaps.removeFirst() }
            gaps.append(highest + 2...stream - 2)
        }
        highest = stream
        undecided = stream
    }

    /// The session took the newest stream: from now on it is open, until one side ends it.
    package mutating func noteTaken() {
        undecided = 0
    }

    /// The server reset a stream, or refused it.
    package mutating func noteReset(_ stream: Int32) {
        guard resets.count == Self.rememberedResets else { return resets.append(stream) }
        forgottenThrough = max(forgottenThrough, resets[oldestReset])
        resets[oldestReset] = stream
        oldestReset = (oldestReset + 1) % Self.rememberedResets
    }
}
