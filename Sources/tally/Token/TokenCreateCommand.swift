import ArgumentParser
import Gateway
import TallyActors

struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token: print it once, and store only its hash.",
        discussion: """
            The token alone is printed on standard output, what is to be said of it on standard error.
            Scopes: \(ScopeSet.ofTokens.names.joined(separator: ", ")).
            """)

    @Option(help: "The data directory; made when it is missing.")
    var data = "./tally-data"

    @Option(help: "What it allows, with commas between.")
    var scopes: TokenScopes

    @Option(help: "A name to know it by.")
    var name: String?

    @Option(help: "When it ends: 90d, 12h, 30m, or an instant as 2027-01-01T00:00:00Z.")
    var expires: TokenExpiry?

    func run() async throws {
        let secret = try await blocking { [data, scopes, name, expires] in
            var random = SystemRandomNumberGenerator()
            let secret = TokenSecret(using: &random)
            let now = SystemClock().read().wall
            let record = TokenRecord(
                id: TokenFile.makeID(using: &random), name: name, scopes: scopes.set,
                digest: secret.digest, created: now, expires: expires?.instant(from: now))
            if let end = record.expires, end <= now {
                throw ValidationError("--expires lies in the past.")
            }
            try TokenFile(data: data, createIfMissing: true).add(record)
            let end = record.expires.map { "until \(RFC3339.string(of: $0))" } ?? "until revoked"
            StandardError.write(
                """
                token \(record.id)\(name.map { " (\($0))" } ?? ""), \(end), \
                allows \(record.scopes.names.joined(separator: ", "))
                It is shown this once: only its hash is kept.
                """)
            return secret
        }
        print(secret.text)
    }
}
