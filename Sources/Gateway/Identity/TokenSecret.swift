/// A token as its holder has it: `tally_` and 43 characters of base64url, which are 256 random bits.
/// The prefix lets scanners for leaked secrets find it.
package struct TokenSecret: Sendable {
    package static let prefix = "tally_"
    private static let byteCount = 32
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    package let text: String

    /// - Parameter random: cryptographically secure.
    package init(using random: inout some RandomNumberGenerator) {
        let bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random)
        }
        var digits: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                digits.append(Self.alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { digits.append(Self.alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        text = Self.prefix + String(decoding: digits, as: UTF8.self)
    }

    package var digest: SecretDigest { SecretDigest(of: text) }
}
