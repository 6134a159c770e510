/// The head of a request: its path and the fields that the application reads, one after the other
/// in one array that is reused. Counts all fields against the limits.
struct RequestFields {
    private struct Slice {
        var start: Int32 = -1
        var count: Int32 = 0
    }

    private let maximalFields: Int
    private let maximalBytes: Int
    private var bytes: [UInt8] = []
    private var path = Slice()
    private var slices = InlineArray<10, Slice>(repeating: Slice())
    private var fieldCount = 0
    private var byteCount = 0
    private(set) var method = RequestMethod.other
    private(set) var contentLength: Int?
    private(set) var isTooLarge = false
    /// So much too large that it is not worth an answer: by compression, 16 KiB may stand for 64 MiB.
    var isHopeless: Bool { byteCount > Self.hopeless * maximalBytes }

    /// Times the limit.
    private static let hopeless = 4

    init(_ limits: TransportLimits) {
        maximalFields = limits.headerFields
        maximalBytes = limits.headerBytes
        precondition(
            RequestHeader.count == slices.count && RequestHeader.allCases.count == slices.count)
    }

    /// Empties it; the storage stays unless it is uncommonly large.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1024)
        path = Slice()
        slices = InlineArray(repeating: Slice())
        fieldCount = 0
        byteCount = 0
        method = .other
        contentLength = nil
        isTooLarge = false
    }

    /// Takes a field. `name` is in lower case; pseudo-header fields count as fields.
    mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        fieldCount += 1
        byteCount += name.count + value.count + 32
        guard fieldCount <= maximalFields, byteCount <= maximalBytes else {
            isTooLarge = true
            return
        }
        guard name.count > 0 else { return }
        if name[0] == UInt8(ascii: ":") {
            addPseudo(name, value)
        } else if let header = RequestHeader(name) {
            store(value, header)
        } else if name.equals("content-length") {
            contentLength = value.decimal
        }
    }

    private mutating func addPseudo(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer)
    {
        switch name.count {
        case 5 where name.equals(":path"): path = append(value)
        case 7 where name.equals(":method"): method = RequestMethod(value)
        case 10 where name.equals(":authority"): store(value, .host)
        default: break
        }
    }

    private mutating func store(_ value: UnsafeRawBufferPointer, _ header: RequestHeader) {
        let old = slices[header.rawValue]
        guard old.start >= 0 else {
            slices[header.rawValue] = append(value)
            return
        }
        // The authority stands for the host field.
        if header == .host { return }
        let start = bytes.count
        bytes.append(contentsOf: bytes[Int(old.start)..<Int(old.start + old.count)])
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: value)
        slices[header.rawValue] = Slice(start: Int32(start), count: Int32(bytes.count - start))
    }

    private mutating func append(_ value: UnsafeRawBufferPointer) -> Slice {
        let start = bytes.count
        bytes.append(contentsOf: value)
        return Slice(start: Int32(start), count: Int32(value.count))
    }

    func withPath<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try with(path, body)
    }

    func with<R>(
        _ header: RequestHeader, _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R? {
        let slice = slices[header.rawValue]
        return slice.start < 0 ? nil : try with(slice, body)
    }

    private func with<R>(
        _ slice: Slice, _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        try bytes.withUnsafeBytes { all in
            let start = max(0, Int(slice.start))
            return try body(UnsafeRawBufferPointer(rebasing: all[start..<start + Int(slice.count)]))
        }
    }
}
