import Foundation
import NIOCore
import NIOPosix

/// One run of `tally demo`.
struct DemoRun: Sendable {
    private static let connections = 4
    private static let seed: UInt64 = 2015
    /// What the replay takes on a terminal, so that there is something to see.
    private static let watchedSeconds = 12.0
    /// Progress is shown ten times a second, a tally is read with every other.
    private static let looksPerTally = 2

    let data: String?
    let port: Int?
    let seconds: Double?

    /// Returns whether every count is right.
    func run() async throws -> Bool {
        let story = DemoStory(OfficialFigures(), seed: Self.seed)
        let screen = DemoScreen(story)
        let text = DemoText(story)
        screen.say(text.opening(Terminal.output))
        let server = try await DemoServer.start(data: data, port: port)
        do {
            screen.say(text.started(server, keeps: data != nil))
            let isExact = try await replay(story, on: server, screen, text)
            if Terminal.output.isTerminal {
                screen.say(text.invitation(server.address, Terminal.output))
                while server.isRunning, !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(200))
                }
                screen.say(server.isRunning ? "\nStopped." : text.died(server))
            }
            await server.stop()
            return isExact
        } catch {
            if Task.isCancelled {
                screen.say("\nStopped.")
            } else if !server.isRunning {
                screen.say(text.died(server))
            }
            await server.stop()
            throw error
        }
    }

    private func replay(
        _ story: DemoStory, on server: DemoServer, _ screen: DemoScreen, _ text: DemoText
    ) async throws -> Bool {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let control = try await ControlConnection.open(server.address, on: group.next())
            var isExact = try await replay(story, on: server, control, screen, text)
            let budget = try BudgetAct(seed: Self.seed)
            if !(try await budget.run(on: server, control, screen)) { isExact = false }
            let basket = BasketAct(budget.replay.election)
            if !(try await basket.run(control, screen)) { isExact = false }
            try await group.shutdownGracefully()
            return isExact
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func replay(
        _ story: DemoStory, on server: DemoServer, _ control: ControlConnection,
        _ screen: DemoScreen, _ text: DemoText
    ) async throws -> Bool {
        let ballot = text.ballot
        try await control.create(ballot)
        let lanes = Self.connections
        let paced = seconds ?? (Terminal.output.isInteractive ? Self.watchedSeconds : 0)
        let rate = paced > 0 ? Double(story.voteLines) / paced / Double(lanes) : nil
        let names = AccountNames(seed: Self.seed, scope: ballot.consultation)
        let engine = LoadEngine(
            setup: try LaneSetup(
                address: server.address, ballot: ballot, names: names, rate: rate),
            connections: lanes)
        var tally: PhaseTally?
        var looks = 0
        let scripts = (0..<lanes).map { DemoScript(story, lane: $0, of: lanes) }
        let result = try await engine.run(scripts) { progress in
            looks += 1
            if screen.wantsTallies, looks.isMultiple(of: Self.looksPerTally) {
                tally = (try? await control.tally(ballot)) ?? tally
            }
            screen.show(progress, tally)
        }
        try Task.checkCancellation()
        let final = try await control.tally(ballot)
        screen.clear()
        var check = TallyCheck(story.expected, ballot, final)
        check.compare("retracted votes", story.retracted, result.deletions.totals["retracted"])
        check.compare(
            "refused votes of deleted accounts", story.lateVotes,
            result.votes.refusals["account-deleted"] ?? 0)
        check.compare(
            "refusals", story.lateVotes,
            result.votes.refusals.values.reduce(0, +)
                + result.deletions.refusals.values.reduce(0, +))
        screen.say(
            text.outcome(result, check, DemoTable(story.figures, final), paced, Terminal.output))
        return check.isExact
    }
}
