import Foundation
import JWTKit

/// A public key whose JWTs are trusted, with the algorithms that its kind allows and no other: a token
/// cannot choose how it is checked.
package struct TrustedKey: Sendable {
    /// Which tokens say that they are signed by it; nil for a key without a name.
    package let keyID: String?
    /// By their names in a JWT's header.
    let algorithms: [String: any JWTAlgorithm]
    /// Of the key itself.
    package let digest: SecretDigest

    package var algorithmNames: [String] { algorithms.keys.sorted() }
}

extension TrustedKey {
    /// Why a file holds no keys to trust.
    package struct Unfit: Error, CustomStringConvertible {
        package var description: String
    }

    private static let kinds =
        "Ed25519, P-256, P-384, P-521, and RSA of 2,048 bits or more are taken"

    /// The keys of a file: public keys in PEM, one after the other, or a JWK Set in JSON.
    package static func read(_ file: [UInt8]) async throws -> [TrustedKey] {
        let text = String(decoding: file, as: UTF8.self)
        let keys =
            text.contains("-----BEGIN ")
            ? try await readPEM(text) : try await readKeySet(Data(file))
        if keys.isEmpty { throw Unfit(description: "it has no key; \(kinds)") }
        return keys
    }

    // MARK: - PEM

    private static func readPEM(_ text: String) async throws -> [TrustedKey] {
        var keys: [TrustedKey] = []
        for block in text.components(separatedBy: "-----BEGIN ").dropFirst() {
            guard block.hasPrefix("PUBLIC KEY-----") else {
                let label = block.prefix { $0 != "-" }
                throw Unfit(description: "it holds a \(label); only a PUBLIC KEY is wanted")
            }
            guard let end = block.range(of: "-----END PUBLIC KEY-----") else {
                throw Unfit(description: "a public key in it has no end")
            }
            keys.append(try await key(pem: "-----BEGIN " + block[..<end.upperBound] + "\n"))
        }
        return keys
    }

    private static func key(pem: String) async throws -> TrustedKey {
        let algorithms: [String: any JWTAlgorithm]
        if let key = try? EdDSA.PublicKey(pem: pem) {
            algorithms = ["EdDSA": try await JWTKeyCollection().add(eddsa: key).getKey()]
        } else if let key = try? ES256PublicKey(pem: pem) {
            algorithms = ["ES256": try await JWTKeyCollection().add(ecdsa: key).getKey()]
        } else if let key = try? ES384PublicKey(pem: pem) {
            algorithms = ["ES384": try await JWTKeyCollection().add(ecdsa: key).getKey()]
        } else if let key = try? ES512PublicKey(pem: pem) {
            algorithms = ["ES512": try await JWTKeyCollection().add(ecdsa: key).getKey()]
        } else if let key = try? Insecure.RSA.PublicKey(pem: pem) {
            algorithms = try await self.algorithms(of: key)
        } else {
            throw Unfit(description: "a public key in it is of no kind that is taken: \(kinds)")
        }
        return TrustedKey(keyID: nil, algorithms: algorithms, digest: SecretDigest(of: pem))
    }

    private static func algorithms(
        of key: Insecure.RSA.PublicKey
    ) async throws -> [String: any JWTAlgorithm] {
        var algorithms: [String: any JWTAlgorithm] = [:]
        let digests: [(String, DigestAlgorithm)] = [
            ("256", .sha256), ("384", .sha384), ("512", .sha512),
        ]
        for (bits, digest) in digests {
            algorithms["RS" + bits] = try await JWTKeyCollection()
                .add(rsa: key, digestAlgorithm: digest).getKey()
            algorithms["PS" + bits] = try await JWTKeyCollection()
                .add(pss: key, digestAlgorithm: digest).getKey()
        }
        return algorithms
    }

    // MARK: - JWK Set

    /// A key of a set, as far as it must be known before it is read as one.
    private struct Member: Decodable {
        var kty: String
        var crv: String?
        var use: String?
        var alg: String?
        var kid: String?
        var d: String?

        /// What its kind allows; nothing for a kind that is not taken, such as a symmetric key.
        var algorithms: [JWK.Algorithm] {
            let all: [JWK.Algorithm] =
                switch (kty, crv) {
                case ("EC", "P-256"): [.es256]
                case ("EC", "P-384"): [.es384]
                case ("EC", "P-521"): [.es512]
                case ("OKP", "Ed25519"): [.eddsa]
                case ("RSA", _): [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
                default: []
                }
            return alg == nil ? all : all.filter { $0.rawValue == alg }
        }
    }

    /// Members are read for themselves: of one that is not understood nothing but its place is
    /// needed (RFC 7517, 5).
    private static func readKeySet(_ json: Data) async throws -> [TrustedKey] {
        guard let set = try? JSONSerialization.jsonObject(with: json) as? [String: Any],
            let members = set["keys"] as? [Any]
        else {
            throw Unfit(description: "it is neither PEM nor a JWK Set")
        }
        var keys: [TrustedKey] = []
        for value in members {
            guard JSONSerialization.isValidJSONObject(value),
                let text = try? JSONSerialization.data(
                    withJSONObject: value, options: .sortedKeys),
                let member = try? JSONDecoder().decode(Member.self, from: text)
            else { continue }
            if let key = try await key(member, text) { keys.append(key) }
        }
        return keys
    }

    private static func key(_ member: Member, _ json: Data) async throws -> TrustedKey? {
        guard member.use ?? "sig" == "sig", !member.algorithms.isEmpty else { return nil }
        if member.d != nil {
            throw Unfit(description: "it holds a private key; only public ones are wanted")
        }
        var algorithms: [String: any JWTAlgorithm] = [:]
        do {
            var jwk = try JSONDecoder().decode(JWK.self, from: json)
            jwk.keyIdentifier = "key"
            for algorithm in member.algorithms {
                jwk.algorithm = algorithm
                // A collection each: one of them keeps the algorithm that was asked for first.
                algorithms[algorithm.rawValue] = try await JWTKeyCollection().add(jwk: jwk)
                    .getKey(for: "key", alg: algorithm.rawValue)
            }
        } catch {
            throw Unfit(
                description: "key '\(member.kid ?? "")' cannot be read (\(error)); \(kinds)")
        }
        return TrustedKey(
            keyID: member.kid, algorithms: algorithms,
            digest: json.withUnsafeBytes { SecretDigest(of: $0) })
    }
}
