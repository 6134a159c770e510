/// The bytes that libFuzzer made up, taken as decisions one after the other. Behind the end there
/// are zeros, so that every input decides everything.
struct FuzzInput {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isEmpty: Bool { offset == bytes.count }

    mutating func byte() -> UInt8 {
        guard !isEmpty else { return 0 }
        offset += 1
        return bytes[offset - 1]
    }

    /// A number below `bound`, which is at most 65,536.
    mutating func number(below bound: Int) -> Int {
        let first = Int(byte())
        return (bound <= 256 ? first : first | Int(byte()) << 8) % bound
    }

    mutating func word() -> UInt64 {
        (0..<8).reduce(0) { word, _ in word << 8 | UInt64(byte()) }
    }

    /// The next bytes, as many as there are.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(offset + count, bytes.count)
        defer { offset = end }
        return Array(bytes[offset..<end])
    }

    mutating func takeRest() -> [UInt8] { take(bytes.count) }
}
