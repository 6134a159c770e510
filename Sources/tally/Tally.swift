import ArgumentParser

/// The one executable: the server, and everything one does beside it.
@main
struct Tally: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "tally",
        abstract: "Exact, live counts of a nation's votes.",
        discussion: """
            Examples:
              tally demo                     the main job on real input, in one command
              tally serve --data ./data      serve on http://127.0.0.1:8080
              tally verify --data ./data     check a data directory that no server holds
              tally token --help             make, list and revoke tokens
            """,
        version: version,
        subcommands: [
            ServeCommand.self, TokenCommand.self, VerifyCommand.self, LoadCommand.self,
            DemoCommand.self,
        ])
}
