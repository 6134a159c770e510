import ArgumentParser
import Gateway

struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "List the limits that a server holds its clients to.",
        discussion: """
            Each may be changed when a server starts: tally serve --limit connections=50000
            How often clients ran into one is told by the metric tally_limit_hits_total.
            """)

    func run() throws {
        let limits = ServerLimits()
        var table = Columns(
            ("limit", .left), ("default", .right), ("unit", .left), ("meaning", .left))
        for setting in LimitSetting.all {
            table.add(
                setting.name, String(setting.value(in: limits)), setting.unit.rawValue,
                setting.meaning)
        }
        for line in table.lines(Terminal.output) { print(line) }
    }
}
