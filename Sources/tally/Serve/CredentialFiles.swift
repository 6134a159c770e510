import Foundation
import Gateway
import Persistence

/// The files that say which credentials hold: the tokens of the data directory, and trusted keys.
struct CredentialFiles: Sendable {
    let data: String
    let keyFiles: [String]
    /// nil without key files.
    let rules: JWTRules?

    /// What the files are now; nil of one that is not there.
    func stamps() -> [SmallFile.Stamp?] {
        ([SideFiles.tokensPath(in: data)] + keyFiles).map { SmallFile(path: $0).stamp() }
    }

    /// Reads all of them.
    ///
    /// - Throws: `SmallFile.Unfit` for a file that is there and does not hold what it should, and for a key file
    ///   that is not there.
    func policy() async throws -> AccessPolicy {
        let (tokens, keyTexts) = try await blocking { (try readTokens(), try readKeyFiles()) }
        guard let rules else { return AccessPolicy(tokens: tokens, keys: nil) }
        var keys: [TrustedKey] = []
        for (file, text) in keyTexts {
            do {
                keys += try await TrustedKey.read(text)
            } catch {
                throw SmallFile.Unfit(file: file, reason: error)
            }
        }
        return AccessPolicy(tokens: tokens, keys: TrustedKeys(keys, rules))
    }

    private func readTokens() throws -> TokenSet? {
        guard FileManager.default.fileExists(atPath: data) else { return nil }
        let files = try SideFiles(path: data, createIfMissing: false)
        do {
            return try files.readTokens().map { try TokenSet(json: $0) }
        } catch {
            throw SmallFile.Unfit(file: files.tokensPath, reason: error)
        }
    }

    private func readKeyFiles() throws -> [(String, [UInt8])] {
        try keyFiles.map { ($0, try SmallFile(path: $0).content()) }
    }
}
