/// Made-up account identifiers of 36 bytes, spelled like the UUIDs that platforms use.
enum AccountName {
    static let length = 36

    /// The identifier of the account with this number, always the same and never twice.
    static func bytes(_ number: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: length) { space, count in
            write(number, to: UnsafeMutableRawBufferPointer(space))
            count = length
        }
    }

    static func text(_ number: Int) -> String {
        String(decoding: bytes(number), as: UTF8.self)
    }

    /// Writes the 36 bytes at the start of the space.
    static func write(_ number: Int, to space: UnsafeMutableRawBufferPointer) {
        // Mixed, so that accounts made one after the other are no neighbours in any index; the low
        // half is the number itself behind a bijection, so that no two are alike.
        let high = mixed(UInt64(number) &+ 0x9e37_79b9_7f4a_7c15)
        let low = mixed(UInt64(number))
        var position = 0
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 {
                space[position] = UInt8(ascii: "-")
                position += 1
            }
            let word = index < 16 ? high : low
            space[position] = digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - index % 16 * 4)))
            position += 1
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        let nibble = value & 15
        return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
    }

    /// The finaliser of SplitMix64, a bijection of 64-bit words.
    static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
