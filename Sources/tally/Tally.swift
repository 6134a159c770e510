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
              tally limits                   list what clients are held to
              tally token --help             make, list and revoke tokens
              tally certificate              make a certificate to try TLS with
              tally backup --data ./data --to ./copy
                                             copy it while the server runs
              tally verify --data ./copy     check a copy, or what no server holds
              tally inspect --data ./data    show what is in it
            """,
        version: version,
        subcommands: [
            ServeCommand.self, LimitsCommand.self, TokenCommand.self, CertificateCommand.self,
            BackupCommand.self,
            VerifyCommand.self, InspectCommand.self, LoadCommand.self, DemoCommand.self,
        ])
}
