import TallyActors

/// Plain bytes of a line, kept to recognise them at the same place of the next lines.
struct KeptText {
    /// Filled up with zeros behind the text.
    private var words: [UInt64]
    /// Bytes of the text; 0: nothing is kept.
    private(set) var count = 0
    private var lastIndex = 0
    /// The bytes of the last word that belong to the text.
    private var lastMask: UInt64 = 0

    /// - Parameter capacity: the longest text in bytes.
    init(capacity: Int) {
        words = Array(repeating: 0, count: capacity / 8 + 1)
    }

    /// Whether the text stands here. Reads up to 8 bytes from any byte before the first that
    /// differs, or from the last one.
    @inline(__always)
    func stands(at cursor: UsualCursor) -> Bool {
        guard count > 0 else { return false }
        var index = 0
        while index < lastIndex {
            if words[index] != cursor.word(at: index * 8) { return false }
            index += 1
        }
        return words[lastIndex] == cursor.word(at: lastIndex * 8) & lastMask
    }

    /// Whether the text begins with exactly these bytes.
    func begins(with bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= count else { return false }
        let other = ByteWords(bytes)
        for offset in stride(from: 0, to: other.wholeBytes, by: 8)
        where words[offset / 8] != other.word(at: offset) {
            return false
        }
        guard other.tailBytes > 0 else { return true }
        let mask = UInt64.max >> UInt64(64 - 8 * other.tailBytes)
        return words[other.wholeBytes / 8] & mask == other.tail
    }

    mutating func forget() {
        count = 0
    }

    /// Keeps bytes, and behind them another one if there is one.
    mutating func keep(_ bytes: UnsafeRawBufferPointer, and another: UInt8? = nil) {
        let other = ByteWords(bytes)
        for offset in stride(from: 0, to: other.wholeBytes, by: 8) {
            words[offset / 8] = other.word(at: offset)
        }
        count = bytes.count + (another == nil ? 0 : 1)
        if other.wholeBytes < count {
            words[other.wholeBytes / 8] =
                other.tail | UInt64(another ?? 0) << UInt64(8 * other.tailBytes)
        }
        guard count > 0 else { return }
        lastIndex = (count - 1) / 8
        lastMask = UInt64.max >> UInt64(56 - (count - 1) % 8 * 8)
    }
}
