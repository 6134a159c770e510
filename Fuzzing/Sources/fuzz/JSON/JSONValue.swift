/// A JSON text as a tree.
indirect enum JSONValue: Equatable {
    case null
    case boolean(Bool)
    /// As it is written.
    case number([UInt8])
    case string([UInt8])
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable {
        var key: [UInt8]
        var value: JSONValue
    }

    static func number(_ value: some BinaryInteger) -> JSONValue { .number(Array("\(value)".utf8)) }

    var string: [UInt8]? {
        if case .string(let bytes) = self { bytes } else { nil }
    }

    /// An integer; one beyond 64 bits is the nearest that has 64.
    var integer: Int64? {
        guard case .number(let digits) = self, !digits.contains(where: { ".eE".utf8.contains($0) })
        else { return nil }
        let text = String(decoding: digits, as: UTF8.self)
        return Int64(text) ?? (text.hasPrefix("-") ? .min : .max)
    }

    /// The members of an object whose keys are all different; nil for anything else.
    var members: [[UInt8]: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        let byKey = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
        return byKey.count == members.count ? byKey : nil
    }
}
