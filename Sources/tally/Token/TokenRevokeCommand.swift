import ArgumentParser
import Gateway

struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a token; what it began ends within a second.")

    @Option(help: "The data directory.")
    var data = "./tally-data"

    @Argument(help: "Its id or its name.")
    var token: String

    func run() async throws {
        let record = try await blocking { [data, token] in
            try TokenFile(data: data, createIfMissing: false).revoke(token)
        }
        StandardError.write("revoked \(record.id)\(record.name.map { " (\($0))" } ?? "")")
    }
}
