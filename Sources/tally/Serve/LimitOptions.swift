import ArgumentParser
import Gateway

/// What clients are held to: the flag of `tally serve` that says it.
struct LimitOptions: ParsableArguments {
    @Option(
        name: .customLong("limit"),
        help: ArgumentHelp(
            "Change a limit, as in connections=50000; tally limits lists them.",
            valueName: "name=value"))
    var settings: [String] = []

    func validate() throws { _ = try limits() }

    func limits() throws -> ServerLimits {
        var limits = ServerLimits()
        for text in settings {
            do {
                try LimitSetting.set(text, in: &limits)
            } catch {
                throw ValidationError("\(error).")
            }
        }
        return limits
    }
}
