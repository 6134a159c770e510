/// Finds a small integer by an identifier's bytes, without making an object of them: the lookup of
/// the vote stream.
///
/// Open addressing with linear probing, at most half full. Built once, then only read: all names
/// lie in one array of words, filled up with zeros, so that a lookup touches two cache lines, and
/// names of up to 16 bytes are hashed and compared without a loop. Identifiers come from whoever
/// may define consultations, not from voters, so the hash has no secret.
public struct NameTable: Sendable {
    /// A slot: the upper half of the hash, and where in `names` the name begins; all ones: free.
    private let slots: [UInt64]
    /// Each name: a word with its number (upper half) and its length, then its bytes in two words
    /// or more.
    private let names: [UInt64]
    private let mask: Int

    private static let free = UInt64.max

    /// - Parameter entries: names that are all different, each with its number.
    public init(_ entries: some Collection<(Identifier, UInt32)>) {
        var capacity = 4
        while capacity < entries.count * 2 { capacity *= 2 }
        let mask = capacity - 1
        var slots = Array(repeating: Self.free, count: capacity)
        var names: [UInt64] = []
        for (name, number) in entries {
            name.bytes.withUnsafeBytes { bytes in
                let key = Key(bytes)
                var slot = Int(truncatingIfNeeded: key.hash) & mask
                while slots[slot] != Self.free { slot = (slot + 1) & mask }
                slots[slot] = (key.hash & ~0xFFFF_FFFF) | UInt64(UInt32(names.count))
                names.append(UInt64(number) << 32 | UInt64(UInt32(bytes.count)))
                names.append(key.first)
                names.append(key.second)
                guard bytes.count > 16 else { return }
                for offset in stride(from: 16, to: key.words.wholeBytes, by: 8) {
                    names.append(key.words.word(at: offset))
                }
                if key.words.tailBytes > 0 { names.append(key.words.tail) }
            }
        }
        self.slots = slots
        self.names = names
        self.mask = mask
    }

    /// The number of the name with exactly these bytes. The bytes are not kept.
    public func number(of name: UnsafeRawBufferPointer) -> UInt32? {
        let key = Key(name)
        var place = Int(truncatingIfNeeded: key.hash) & mask
        while true {
            let slot = slots[place]
            if slot == Self.free { return nil }
            if (slot ^ key.hash) >> 32 == 0 {
                let start = Int(slot & 0xFFFF_FFFF)
                let header = names[start]
                if Int(header & 0xFFFF_FFFF) == name.count, names[start + 1] == key.first,
                    names[start + 2] == key.second, name.count <= 16 || holds(key, at: start + 3)
                {
                    return UInt32(truncatingIfNeeded: header >> 32)
                }
            }
            place = (place + 1) & mask
        }
    }

    public func number(of name: Identifier) -> UInt32? {
        name.bytes.withUnsafeBytes { number(of: $0) }
    }

    /// Whether the bytes of a name from the 17th on stand at `start`.
    private func holds(_ key: Key, at start: Int) -> Bool {
        var index = start
        for offset in stride(from: 16, to: key.words.wholeBytes, by: 8) {
            if names[index] != key.words.word(at: offset) { return false }
            index += 1
        }
        return key.words.tailBytes == 0 || names[index] == key.words.tail
    }

    /// A name as it is looked up.
    private struct Key {
        let words: ByteWords
        /// The first 16 bytes, filled up with zeros.
        let first: UInt64
        let second: UInt64
        let hash: UInt64

        @inline(__always)
        init(_ name: UnsafeRawBufferPointer) {
            words = ByteWords(name)
            let length = UInt64(truncatingIfNeeded: name.count)
            if name.count >= 16 {
                first = words.word(at: 0)
                second = words.word(at: 8)
            } else if name.count >= 8 {
                first = words.word(at: 0)
                second = words.tail
            } else {
                first = words.tail
                second = 0
            }
            var hash = Self.folded(
                first ^ length ^ 0x9e37_79b9_7f4a_7c15, second ^ 0xd6e8_feb8_6659_fd93)
            if name.count > 16 {
                for offset in stride(from: 16, to: words.wholeBytes, by: 8) {
                    hash = Self.folded(hash ^ words.word(at: offset), 0xa076_1d64_78bd_642f)
                }
                hash = Self.folded(hash ^ words.tail, 0xa076_1d64_78bd_642f)
            }
            self.hash = hash
        }

        /// Both halves of a 128-bit product, so that every bit of the words reaches every bit.
        @inline(__always)
        private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let product = left.multipliedFullWidth(by: right)
            return product.high ^ product.low
        }
    }
}
