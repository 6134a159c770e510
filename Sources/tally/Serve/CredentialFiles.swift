import Foundation
import Gateway
import Persistence

/// The files that say which credentials hold: the tokens of the data directory, and trusted keys.
struct CredentialFiles: Sendable {
    /// Which content of a file it was; another one has another.
    struct Stamp: Equatable, Sendable {
        var inode: UInt64
        var bytes: UInt64
        var changed: Date
    }

    /// Why a file cannot be taken.
    struct Unfit: Error, CustomStringConvertible {
        var file: String
        var reason: any Error
        var description: String { "'\(file)': \(reason)" }
    }

    /// The largest file of trusted keys, in bytes.
    static let largestKeyFile = 1 << 20

    let data: String
    let keyFiles: [String]
    /// nil without key files.
    let rules: JWTRules?

    /// What the files are now; nil of one that is not there.
    func stamps() -> [Stamp?] {
        ([data + "/tokens.json"] + keyFiles).map { path in
            guard let found = try? FileManager.default.attributesOfItem(atPath: resolved(path)),
                let inode = found[.systemFileNumber] as? UInt64,
                let bytes = found[.size] as? UInt64,
                let changed = found[.modificationDate] as? Date
            else { return nil }
            return Stamp(inode: inode, bytes: bytes, changed: changed)
        }
    }

    /// Reads all of them.
    ///
    /// - Throws: `Unfit` for a file that is there and does not hold what it should, and for a key file
    ///   that is not there.
    func policy() async throws -> AccessPolicy {
        let (tokens, keyTexts) = try await blocking { (try readTokens(), try readKeyFiles()) }
        guard let rules else { return AccessPolicy(tokens: tokens, keys: nil) }
        var keys: [TrustedKey] = []
        for (file, text) in keyTexts {
            do {
                keys += try await TrustedKey.read(text)
            } catch {
                throw Unfit(file: file, reason: error)
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
            throw Unfit(file: files.tokensPath, reason: error)
        }
    }

    private func readKeyFiles() throws -> [(String, [UInt8])] {
        try keyFiles.map { path in
            do {
                let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                let content = try handle.read(upToCount: Self.largestKeyFile + 1) ?? Data()
                guard content.count <= Self.largestKeyFile else {
                    throw TokenFile.Failure(
                        description: "it has more than \(Self.largestKeyFile) bytes")
                }
                return (path, Array(content))
            } catch {
                throw Unfit(file: path, reason: error)
            }
        }
    }

    /// Where a symbolic link leads, so that a changed target is seen.
    private func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}
