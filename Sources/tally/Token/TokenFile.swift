import ArgumentParser
import Gateway
import Glibc
import Persistence
import TallyActors

/// The tokens of a data directory, as the commands change them. Blocks.
struct TokenFile {
    /// What cannot be done, in words.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let files: SideFiles

    init(data: String, createIfMissing: Bool) throws {
        files = try SideFiles(path: data, createIfMissing: createIfMissing)
    }

    static func makeID(using random: inout some RandomNumberGenerator) -> String {
        HexDigits.of(.random(in: 0..<1 << 48, using: &random), count: 12)
    }

    func read() throws -> TokenSet {
        try files.readTokens().map { try decode($0) } ?? TokenSet()
    }

    func add(_ record: TokenRecord) throws {
        try change { tokens in
            switch tokens.add(record) {
            case nil: return
            case .full: throw Failure(description: "there are \(TokenSet.limit) tokens already")
            case .nameTaken(let name):
                throw Failure(description: "there is a token of the name '\(name)' already")
            case .badName:
                throw Failure(
                    description: "a name has 1 to \(TokenSet.nameLimit) bytes, none of them control"
                )
            case .noScopes: throw Failure(description: "a token without a scope allows nothing")
            }
        }
        try recordAct(.createToken, on: record)
    }

    func revoke(_ idOrName: String) throws -> TokenRecord {
        var removed: TokenRecord?
        try change { tokens in
            removed = tokens.remove(idOrName)
            if removed == nil { throw Failure(description: "there is no token '\(idOrName)'") }
        }
        guard let removed else { preconditionFailure("a token was revoked that is not there") }
        try recordAct(.revokeToken, on: removed)
        return removed
    }

    private func change(_ body: (inout TokenSet) throws -> Void) throws {
        try files.changeTokens { bytes in
            var tokens = try bytes.map { try decode($0) } ?? TokenSet()
            try body(&tokens)
            return try tokens.json()
        }
    }

    private func decode(_ bytes: [UInt8]) throws -> TokenSet {
        do {
            return try TokenSet(json: bytes)
        } catch {
            throw Failure(description: "'\(files.tokensPath)' cannot be read: \(error)")
        }
    }

    private func recordAct(_ act: AuditEntry.Act, on record: TokenRecord) throws {
        var entry = AuditEntry(act, by: .operatingUser(getuid()), outcome: "done")
        entry.token = record.id
        let line = entry.line(at: SystemClock().read().wall)
        try files.appendToAuditLog(Array(buffer: line))
    }
}
