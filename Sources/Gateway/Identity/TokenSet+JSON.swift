import Foundation
import TallyActors

extension TokenSet {
    /// Why a file is not a set of tokens.
    package struct Unreadable: Error, CustomStringConvertible {
        package var description: String
    }

    private static let version = 1

    private struct File: Codable {
        var version: Int
        var tokens: [Entry]
    }

    private struct Entry: Codable {
        var id: String
        var name: String?
        var scopes: [String]
        var sha256: String
        var created: String
        var expires: String?
    }

    /// The content of `tokens.json`:
    ///
    ///     {"version":1,"tokens":[{"id":…,"name":…,"scopes":[…],"sha256":…,"created":…,"expires":…}]}
    package init(json: [UInt8]) throws(Unreadable) {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: Data(json))
        } catch {
            throw Unreadable(description: "it is not JSON of tokens: \(error)")
        }
        guard file.version == Self.version else {
            throw Unreadable(description: "its version \(file.version) is unknown")
        }
        guard file.tokens.count <= Self.limit else {
            throw Unreadable(description: "it has more than \(Self.limit) tokens")
        }
        var records: [TokenRecord] = []
        for entry in file.tokens { records.append(try Self.record(entry)) }
        self.init(records)
    }

    private static func record(_ entry: Entry) throws(Unreadable) -> TokenRecord {
        let scopes = ScopeSet(known: entry.scopes)
        guard scopes.names.count == entry.scopes.count, scopes.isSubset(of: .ofTokens) else {
            throw Unreadable(description: "token '\(entry.id)' has a scope that is none")
        }
        guard let digest = SecretDigest(hexadecimal: entry.sha256) else {
            throw Unreadable(description: "token '\(entry.id)' has no SHA-256")
        }
        guard case .instant(let created) = RFC3339(entry.created) else {
            throw Unreadable(description: "token '\(entry.id)' has no time of creation")
        }
        var expires: Instant?
        if let text = entry.expires {
            // Never taken for one that does not expire.
            guard case .instant(let instant) = RFC3339(text) else {
                throw Unreadable(description: "token '\(entry.id)' expires at no time")
            }
            expires = instant
        }
        return TokenRecord(
            id: entry.id, name: entry.name, scopes: scopes, digest: digest, created: created,
            expires: expires)
    }

    package func json() throws -> [UInt8] {
        let entries = records.map { record in
            Entry(
                id: record.id, name: record.name, scopes: record.scopes.names,
                sha256: record.digest.hexadecimal, created: RFC3339.string(of: record.created),
                expires: record.expires.map { RFC3339.string(of: $0) })
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(File(version: Self.version, tokens: entries)))
            + [UInt8(ascii: "\n")]
    }
}
