/// So that keys can be written as they are read: as bytes, not as texts that may be equivalent.
extension Array: @retroactive ExpressibleByUnicodeScalarLiteral,
    @retroactive ExpressibleByExtendedGraphemeClusterLiteral,
    @retroactive ExpressibleByStringLiteral
where Element == UInt8 {
    public init(stringLiteral value: StaticString) {
        self = value.withUTF8Buffer { Array($0) }
    }
}
