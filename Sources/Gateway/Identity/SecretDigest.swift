import Crypto

/// SHA-256 of a credential or of a key: all that is kept of it.
///
/// A token is 256 random bits, so nothing can be gained by guessing, and a slow hash, which protects
/// what people think up, would only slow the server down.
package struct SecretDigest: Hashable, Sendable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    package init(of secret: UnsafeRawBufferPointer) {
        bytes = Array(SHA256.hash(data: secret))
    }

    package init(of secret: String) {
        bytes = Array(SHA256.hash(data: Array(secret.utf8)))
    }

    /// nil unless it is as many hexadecimal digits as a digest has.
    package init?(hexadecimal: String) {
        let digits = hexadecimal.utf8.compactMap { HexDigit.value(of: $0) }
        guard digits.count == 2 * Self.byteCount, hexadecimal.utf8.count == digits.count else {
            return nil
        }
        bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    package var hexadecimal: String { bytes.map(\.hexadecimal).joined() }

    /// Takes the same time wherever the two differ.
    package func equalsInConstantTime(_ other: SecretDigest) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<Self.byteCount { difference |= bytes[index] ^ other.bytes[index] }
        return difference == 0
    }
}
