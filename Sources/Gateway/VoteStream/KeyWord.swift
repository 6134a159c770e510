/// The keys of a vote as words, the first letter lowest, up to and with the closing quote where a
/// word has room for it.
enum KeyWord {
    static let account: UInt64 = 0x2274_6E75_6F63_6361
    static let proposal: UInt64 = 0x6C61_736F_706F_7270
    static let withdraw: UInt64 = 0x7761_7264_6874_6977
    static let choice: UInt64 = 0x0022_6563_696F_6863
    static let points: UInt64 = 0x0022_7374_6E69_6F70
    static let phase: UInt64 = 0x0000_2265_7361_6870
    static let votes: UInt64 = 0x0000_2273_6574_6F76
    static let rank: UInt64 = 0x0000_0022_6B6E_6172
    /// `consultation` takes two words.
    static let consulta: UInt64 = 0x6174_6C75_736E_6F63
    static let tion: UInt64 = 0x0000_0022_6E6F_6974

    // The bytes that a shorter key has of its word.
    static let first5: UInt64 = 0x0000_00FF_FFFF_FFFF
    static let first6: UInt64 = 0x0000_FFFF_FFFF_FFFF
    static let first7: UInt64 = 0x00FF_FFFF_FFFF_FFFF
}
