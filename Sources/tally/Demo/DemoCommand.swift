import ArgumentParser
import Foundation

/// `tally demo`: a real national consultation on a real server, in one command.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Replay real votes of a nation and a city on a real server, and compare the counts.",
        discussion: """
            Starts a server on a fresh data directory and replays the French consultation of 2015 on \
            the digital republic bill: 88,622 votes on 696 opinions, by made-up people who also change \
            their minds, leave and come back, while others try to stuff the ballot. Then it replays \
            every ballot of the participatory budget of Toulouse of 2019. At the end every count must \
            be the official one.

            On a terminal the server stays up until Ctrl-C, to be looked at. Otherwise the command ends \
            after the table: with 0 if every count is right, with 1 if one is not.
            """)

    @Option(
        help: ArgumentHelp(
            "A data directory to keep, which must be empty or missing; a temporary one unless given.",
            valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The server's port; 8080, or a free one if that is taken.", valueName: "port"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "Spread the replay over so long; 0 is as fast as it goes (default: 12 on a terminal, else 0).",
            valueName: "seconds"))
    var seconds: Double?

    func validate() throws {
        guard (seconds ?? 0) >= 0, (seconds ?? 0) <= 3600 else {
            throw ValidationError("--seconds is 0 to 3600")
        }
        guard (0...65535) ~= port ?? 0 else { throw ValidationError("--port is 0 to 65535") }
    }

    func run() async throws {
        let demo = DemoRun(data: data, port: port, seconds: seconds)
        let work = Task { try await demo.run() }
        let interruption = Interruption(cancelling: work)
        defer { interruption.end() }
        do {
            let isExact = try await work.value
            if !isExact { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            // Stopped by the person who started it: everything is shut down by now.
            if work.isCancelled { throw ExitCode(130) }
            StandardError.write("tally demo: \(error)")
            throw ExitCode(1)
        }
    }
}
