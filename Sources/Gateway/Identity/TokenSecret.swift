import Foundation

/// A token as its holder has it: `tally_` and 43 characters of base64url, which are 256 random bits.
/// The prefix lets scanners for leaked secrets find it.
package struct TokenSecret: Sendable {
    package static let prefix = "tally_"
    private static let byteCount = 32

    package let text: String

    /// - Parameter random: cryptographically secure.
    package init(using random: inout some RandomNumberGenerator) {
        let bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random)
        }
        text =
            Self.prefix
            + Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    package var digest: SecretDigest { SecretDigest(of: text) }
}
