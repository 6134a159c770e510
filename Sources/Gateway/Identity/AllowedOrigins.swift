/// The origins of pages that may use the server from a browser: `https://vote.example`, byte for byte as
/// browsers send them.
package struct AllowedOrigins: Equatable, Sendable {
    package let origins: [String]

    package init(_ origins: [String] = []) {
        self.origins = origins
    }

    /// Scheme and authority in lower case and nothing else; no `*`, since a list is the point.
    package static func isOrigin(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let authority = OriginRule.authority(of: UnsafeRawBufferPointer(bytes)) else {
                return false
            }
            return !authority.isEmpty
                && authority.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x30...0x3A).contains(byte)
                        || [
                            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "["),
                            UInt8(ascii: "]"),
                        ].contains(byte)
                }
        }
    }

    /// The one of them that the field names.
    func matching(_ field: UnsafeRawBufferPointer) -> String? {
        origins.first { field.equals(Array($0.utf8)) }
    }
}
