extension RequestTarget {
    /// The value of the first parameter of this name in the query, decoded; empty for one without
    /// a value, nil when there is none. A plus is a plus, and an escape that is none stands for
    /// itself.
    package func parameter(_ name: StaticString) -> [UInt8]? {
        for parameter in query.split(separator: UInt8(ascii: "&")) {
            let parts = parameter.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first, key.withUnsafeBytes({ $0.equals(name) }) else { continue }
            return parts.count > 1 ? Self.decoded(parts[1]) : []
        }
        return nil
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let high = HexDigit.value(of: rest[rest.startIndex]),
                let low = HexDigit.value(of: rest[rest.startIndex + 1])
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
