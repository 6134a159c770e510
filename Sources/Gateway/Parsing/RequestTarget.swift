package import TallyActors

/// The target of a request (RFC 9112, origin-form or absolute-form): its path, split at the
/// slashes and only then decoded, and its query, undecoded.
///
/// A plus is a plus. Segments are byte strings; whether one is an identifier is asked where a route
/// wants one.
package struct RequestTarget: Sendable, Equatable {
    /// Segments that any route can tell apart; a path with more of them is cut there, and fits no
    /// route.
    package static let maximumSegments = 12

    /// The decoded segments, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each segment ends in `bytes`.
    private var ends = InlineArray<12, Int>(repeating: 0)
    /// Segments of the path: those between its slashes, so at least one.
    package private(set) var count = 0
    package private(set) var query: [UInt8] = []

    /// nil for a malformed target: no path, or an escape that is none.
    package init?(_ target: UnsafeRawBufferPointer) {
        guard let pathStart = Self.pathStart(in: target) else { return nil }
        let pathEnd = target[pathStart...].firstIndex(of: UInt8(ascii: "?")) ?? target.count
        if pathEnd < target.count { query = Array(target[(pathEnd + 1)...]) }
        bytes.reserveCapacity(pathEnd - pathStart)
        var place = pathStart + 1
        while place < pathEnd {
            let byte = target[place]
            place += 1
            switch byte {
            case UInt8(ascii: "/"):
                endSegment()
            case UInt8(ascii: "%"):
                guard pathEnd - place >= 2, let high = HexDigit.value(of: target[place]),
                    let low = HexDigit.value(of: target[place + 1])
                else { return nil }
                bytes.append(high << 4 | low)
                place += 2
            default:
                bytes.append(byte)
            }
        }
        endSegment()
    }

    package init?(_ target: String) {
        var target = target
        let reading = target.withUTF8 { Self(UnsafeRawBufferPointer($0)) }
        guard let reading else { return nil }
        self = reading
    }

    /// The decoded bytes of a segment, of those up to `maximumSegments`.
    package func withSegment<Value>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Value
    ) rethrows -> Value {
        try bytes.withUnsafeBytes { all in
            try body(UnsafeRawBufferPointer(rebasing: all[start(of: index)..<ends[index]]))
        }
    }

    package func segment(_ index: Int, equals literal: StaticString) -> Bool {
        withSegment(index) { $0.equals(literal) }
    }

    /// nil for a segment that is no identifier.
    package func identifier(_ index: Int) -> Identifier? {
        withSegment(index) { Identifier(validating: $0) }
    }

    package static func == (left: RequestTarget, right: RequestTarget) -> Bool {
        left.count == right.count && left.bytes == right.bytes && left.query == right.query
            && (0..<min(left.count, maximumSegments)).allSatisfy { left.ends[$0] == right.ends[$0] }
    }

    private func start(of index: Int) -> Int {
        index == 0 ? 0 : ends[index - 1]
    }

    private mutating func endSegment() {
        if count < Self.maximumSegments { ends[count] = bytes.count }
        count += 1
    }

    /// Where the path's first slash stands.
    private static func pathStart(in target: UnsafeRawBufferPointer) -> Int? {
        if target.first == UInt8(ascii: "/") { return 0 }
        // absolute-form: `http://host/path`
        guard let colon = target.firstIndex(of: UInt8(ascii: ":")), target.count > colon + 3,
            target[colon + 1] == UInt8(ascii: "/"), target[colon + 2] == UInt8(ascii: "/")
        else { return nil }
        return target[(colon + 3)...].firstIndex(of: UInt8(ascii: "/"))
    }
}
