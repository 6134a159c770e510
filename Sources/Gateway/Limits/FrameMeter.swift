package import NIOCore

/// Follows the frames of an HTTP/2 client from the outside, before anything is done for them: what
/// costs the server work and the client nothing is counted against budgets, and it is known whether
/// a frame or a header block was begun that is not complete, or came for a stream that was over. The
/// time comes from outside.
package struct FrameMeter: Sendable {
    private enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let continuation: UInt8 = 9
    }

    private static let endStream: UInt8 = 0x1
    private static let endHeaders: UInt8 = 0x4
    private static let headerSize = 9
    /// The largest payload that the server takes. The session ends the connection of a client that
    /// sends a larger one, whatever the size.
    private static let largestPayload = 16_384

    private let maximumContinuations: Int
    /// Bytes to come that are no frame header: first the preface, later the rest of a frame.
    private var rest = 24
    private var header: InlineArray<9, UInt8> = InlineArray(repeating: 0)
    private var headerCount = 0
    private var isBlockOpen = false
    private var continuations = 0
    private var isDataFrame = false
    private var control: EventBudget
    private var errors: EventBudget
    private var frames = 0
    private var streams = ClientStreams()
    /// The first of the client's frames that was wrong for its stream.
    package private(set) var violation: ClientStreams.Violation?
    /// The frame, counted from 1, that began what is being received: its own header block's for a
    /// CONTINUATION.
    package private(set) var begun = 0

    package init(_ limits: TransportLimits) {
        maximumContinuations = limits.continuationFrames
        control = EventBudget(limits.controlFrames)
        errors = EventBudget(limits.streamErrors)
    }

    /// Something was begun, other than a body's frame, that the client has not completed.
    package var isWithinHead: Bool {
        isBlockOpen || headerCount > 0 || (rest > 0 && !isDataFrame)
    }

    /// Takes bytes as they arrive.
    ///
    /// - Returns: a limit that was crossed; then the connection is over.
    package mutating func take(
        _ bytes: UnsafeRawBufferPointer, at now: @autoclosure () -> NIODeadline
    ) -> Limit? {
        var offset = 0
        while offset < bytes.count {
            if rest > 0 {
                let part = min(rest, bytes.count - offset)
                rest -= part
                offset += part
                continue
            }
            header[headerCount] = bytes[offset]
            headerCount += 1
            offset += 1
            guard headerCount == Self.headerSize else { continue }
            headerCount = 0
            if let limit = frame(now()) { return limit }
        }
        return nil
    }

    /// A frame's header is complete.
    private mutating func frame(_ now: @autoclosure () -> NIODeadline) -> Limit? {
        let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
        let kind = header[3]
        let flags = header[4]
        let stream = (5..<9).reduce(Int32(0)) { $0 << 8 | Int32(header[$1]) } & .max
        rest = length
        frames += 1
        if !isBlockOpen { begun = frames }
        isDataFrame = kind == Kind.data
        switch kind {
        case Kind.data:
            note(streams.data(stream, ends: flags & Self.endStream != 0))
            if length > 0 || flags & Self.endStream != 0 { return nil }
            return spendControl(1, now())
        case Kind.headers:
            note(streams.headers(stream, ends: flags & Self.endStream != 0))
            continuations = 0
            isBlockOpen = flags & Self.endHeaders == 0
            control.grant(Self.perRequest)
            return nil
        case Kind.reset:
            streams.reset(stream)
            return spendControl(1, now()) ?? streamError(at: now())
        case Kind.continuation:
            continuations += 1
            isBlockOpen = isBlockOpen && flags & Self.endHeaders == 0
            return continuations > maximumContinuations ? .continuationFrames : nil
        default:
            // Long ones are more work: SETTINGS with hundreds of values.
            return spendControl(1 + min(length, Self.largestPayload) / 256, now())
        }
    }

    private mutating func note(_ wrong: ClientStreams.Violation?) {
        if violation == nil { violation = wrong }
    }

    private mutating func spendControl(_ cost: Int, _ now: NIODeadline) -> Limit? {
        control.spend(cost, at: now) ? nil : .controlFrames
    }

    // MARK: What was done for the client

    /// Frames that a client may well send for each request: windows, priorities.
    private static let perRequest = 4
    /// … and for each frame of a body that it is sent: the windows of stream and connection.
    private static let perFrameSent = 2

    /// Frames of bodies were sent.
    package mutating func sent(_ count: Int) { control.grant(count * Self.perFrameSent) }

    /// Frames were cut small by a window that the client holds all but closed.
    package mutating func dribbled(_ count: Int, at now: NIODeadline) -> Limit? {
        spendControl(count, now)
    }

    // MARK: Errors

    /// What a head costs that is refused for its size: as many times the work of a reset.
    package static let costOfRefusedHead = 10

    /// A stream ended otherwise than well, for what the client did. Resets by the client are seen
    /// among its frames.
    package mutating func streamError(_ cost: Int = 1, at now: NIODeadline) -> Limit? {
        errors.spend(cost, at: now) ? nil : .streamErrors
    }
}
