/// The name that a client gave to a consultation, a phase, a proposal or a choice.
///
/// A byte string (valid UTF-8, 1 to 128 bytes), never a Swift `String`: `String` equality merges
/// canonically equivalent spellings, which are different identifiers here. Ordered by its bytes.
public struct Identifier: Hashable, Comparable, Sendable {
    /// The longest identifier, in bytes.
    public static let maximumLength = 128

    public let bytes: [UInt8]

    /// Takes the bytes as they are; whoever reads them from outside validates them first.
    public init(validated bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    public static func < (left: Identifier, right: Identifier) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Identifier: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(validated: value.utf8)
    }
}

extension Identifier: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
