import ArgumentParser

/// The server's own tokens. Works while a server runs, which follows within a second.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke the server's own tokens, also while it runs.",
        discussion: """
            Examples:
              tally token create --data ./data --scopes votes:write,tallies:read --name platform
              tally token list --data ./data
              tally token revoke --data ./data platform

            With the first token, nobody is served without one any more.
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}
