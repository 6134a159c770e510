package import TallyActors

/// Reads the keys of one object: those of an enumeration, each at most once.
struct ObjectKeys<Key: RawRepresentable & CaseIterable & Hashable> where Key.RawValue == String {
    private var seen: Set<Key> = []

    /// The next key, after which its value must be read; nil at the end of the object.
    mutating func next(_ reader: inout JSONReader) throws(JSONFault) -> Key? {
        guard let name = try reader.nextKey() else { return nil }
        guard let key = Key.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else {
            throw reader.fault(.unknownKey)
        }
        guard seen.insert(key).inserted else { throw reader.fault(.repeatedKey) }
        return key
    }

    /// At the end of the object: that it had these keys.
    func require(_ keys: Key..., in reader: JSONReader) throws(JSONFault) {
        for key in keys where !seen.contains(key) {
            throw reader.fault(.missingKey(key.rawValue))
        }
    }
}

extension JSONReader {
    /// A string that is an identifier.
    package mutating func readIdentifier() throws(JSONFault) -> Identifier {
        guard let identifier = Identifier(validating: try readString()) else {
            throw fault(.invalidIdentifier)
        }
        return identifier
    }

    /// A string as text for people.
    package mutating func readText() throws(JSONFault) -> String {
        String(decoding: try readString(), as: UTF8.self)
    }
}
