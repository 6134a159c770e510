/// The limits that a client can run into, by the names that the documentation, `--limit` and the
/// label of the metric have for them.
package enum Limit: String, CaseIterable, Sendable {
    case connections = "connections"
    case connectionsPerAddress = "connections-per-address"
    case handshakeTime = "handshake-time"
    case headTime = "head-time"
    case idleTime = "idle-time"
    case streamIdleTime = "stream-idle-time"
    case bodyRate = "body-rate"
    case readRate = "read-rate"
    case stallTime = "stall-time"
    case headerBytes = "header-bytes"
    case continuationFrames = "continuation-frames"
    case streamErrors = "stream-errors"
    case controlFrames = "control-frames"
    /// What breaks the protocol is no limit, but counted among them: it ends connections, too.
    case protocolErrors = "protocol-errors"
    case bodyBytes = "body-bytes"
    case waitingCommands = "waiting-commands"
    case waitingTime = "waiting-time"
    case tokenRate = "token-rate"
    case citizenRate = "citizen-rate"

    /// Position among all.
    var index: Int {
        guard let index = Self.allCases.firstIndex(of: self) else {
            preconditionFailure("a limit that is none of all")
        }
        return index
    }
}
