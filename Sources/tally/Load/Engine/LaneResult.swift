/// What a lane leaves behind: its script, which knows what it has sent, and the answers.
struct LaneResult<Script: CommandScript>: Sendable {
    var script: Script
    var votes: TrafficResult
    var deletions: TrafficResult
}
