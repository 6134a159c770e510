/// The server's own tokens.
package struct TokenSet: Equatable, Sendable {
    /// The most tokens: each costs every new credential a comparison.
    package static let limit = 1024
    /// The longest name of a token, in bytes.
    package static let nameLimit = 128

    /// Why a token is not added.
    package enum Fault: Equatable, Error {
        case full
        case nameTaken(String)
        case badName
        case noScopes
    }

    /// In the order of their creation.
    package private(set) var records: [TokenRecord]

    package init(_ records: [TokenRecord] = []) {
        self.records = records
    }

    package mutating func add(_ record: TokenRecord) -> Fault? {
        guard records.count < Self.limit else { return .full }
        guard !record.scopes.isEmpty else { return .noScopes }
        if let name = record.name {
            let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            guard 1...Self.nameLimit ~= name.utf8.count, isPlain else { return .badName }
            if records.contains(where: { $0.name == name || $0.id == name }) {
                return .nameTaken(name)
            }
        }
        records.append(record)
        return nil
    }

    /// - Parameter idOrName: an id wins over a name.
    /// - Returns: what was removed; nil when there is no such token.
    package mutating func remove(_ idOrName: String) -> TokenRecord? {
        let index =
            records.firstIndex { $0.id == idOrName } ?? records.firstIndex { $0.name == idOrName }
        return index.map { records.remove(at: $0) }
    }

    /// Compares with every token, each in constant time.
    package func record(of digest: SecretDigest) -> TokenRecord? {
        var found: TokenRecord?
        for record in records where record.digest.equalsInConstantTime(digest) { found = record }
        return found
    }
}
