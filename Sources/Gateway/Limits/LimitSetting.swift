internal import NIOCore

/// A limit that may be set, by its name.
package struct LimitSetting: Sendable {
    package enum Unit: String, Sendable {
        case count = ""
        case bytes = "bytes"
        case seconds = "seconds"
        case perSecond = "per second"
        case bytesPerSecond = "bytes per second"
    }

    /// Why a setting cannot be taken.
    package enum Fault: Error, Equatable, Sendable {
        case unknown(String)
        case noNumber(String)
        case outOfRange(String, ClosedRange<Int>)
    }

    package let name: String
    package let unit: Unit
    /// What is told about it in one line.
    package let meaning: String
    let range: ClosedRange<Int>
    let path: any WritableKeyPath<ServerLimits, Int> & Sendable

    private init(
        _ name: String, _ path: any WritableKeyPath<ServerLimits, Int> & Sendable, _ unit: Unit,
        _ range: ClosedRange<Int>, _ meaning: String
    ) {
        self.name = name
        self.path = path
        self.unit = unit
        self.range = range
        self.meaning = meaning
    }

    package func value(in limits: ServerLimits) -> Int { limits[keyPath: path] }

    /// - Parameter text: `NAME=VALUE`
    package static func set(_ text: String, in limits: inout ServerLimits) throws(Fault) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let setting = all.first(where: { $0.name == parts[0] }) else {
            throw .unknown(String(parts[0]))
        }
        guard parts.count == 2, let value = Int(parts[1]) else { throw .noNumber(setting.name) }
        guard setting.range.contains(value) else {
            throw .outOfRange(setting.name, setting.range)
        }
        limits[keyPath: setting.path] = value
    }

    private static let size = 1...1 << 30
    private static let rate = 1...1 << 30
    private static let time = 1...86_400

    package static let all = [
        LimitSetting(
            "connections", \.transport.connections, .count, 1...1_000_000, "Connections in all."),
        LimitSetting(
            "connections-per-address", \.transport.connectionsPerAddress, .count, 1...1_000_000,
            "Connections from one IPv4 address, or one IPv6 network of 64 bits."),
        LimitSetting(
            "handshake-time", \.transport.handshakeTime.inSeconds, .seconds, time,
            "For the TLS handshake and the first bytes of a connection."),
        LimitSetting(
            "head-time", \.transport.headTime.inSeconds, .seconds, time,
            "For the head of a request, from its first byte on."),
        LimitSetting(
            "idle-time", \.transport.idleTime.inSeconds, .seconds, time,
            "For a connection without a request."),
        LimitSetting(
            "stream-idle-time", \.transport.streamIdleTime.inSeconds, .seconds, time,
            "For a stream of lines without a byte in either direction."),
        LimitSetting(
            "body-rate", \.transport.bodyRate, .bytesPerSecond, rate,
            "The least rate of a body that is read as a whole."),
        LimitSetting(
            "body-grace", \.transport.bodyGrace.inSeconds, .seconds, time,
            "How long a body may be slower."),
        LimitSetting(
            "read-rate", \.transport.readRate, .bytesPerSecond, rate,
            "The least rate at which a connection takes its answers."),
        LimitSetting(
            "stall-time", \.transport.stallTime.inSeconds, .seconds, time,
            "How long a client may take less, or nothing of one answer."),
        LimitSetting(
            "concurrent-streams", \.transport.concurrentStreams, .count, 1...100_000,
            "Requests at once on one HTTP/2 connection."),
        LimitSetting(
            "header-bytes", \.transport.headerBytes, .bytes, 1024...1 << 20,
            "All fields of a request, 32 bytes added for each."),
        LimitSetting(
            "header-fields", \.transport.headerFields, .count, 8...1000,
            "Fields of a request."),
        LimitSetting(
            "continuation-frames", \.transport.continuationFrames, .count, 0...8,
            "CONTINUATION frames of one request's head."),
        LimitSetting(
            "stream-bytes", \.transport.streamWindow, .bytes, 65_535...(1 << 30),
            "Body bytes of one request that are on their way or not applied."),
        LimitSetting(
            "held-bytes", \.transport.heldBytes, .bytes, 65_535...(1 << 30),
            "The same of all requests of an HTTP/2 connection."),
        LimitSetting(
            "stream-errors", \.transport.streamErrors.burst, .count, size,
            "Resets and other errors of streams that one connection may cause at once."),
        LimitSetting(
            "stream-errors-rate", \.transport.streamErrors.perSecond, .perSecond, rate,
            "The same in the long run."),
        LimitSetting(
            "control-frames", \.transport.controlFrames.burst, .count, size,
            "PING, SETTINGS, empty and other frames without a use, at once."),
        LimitSetting(
            "control-frames-rate", \.transport.controlFrames.perSecond, .perSecond, rate,
            "The same in the long run."),
        LimitSetting(
            "waiting-commands", \.requests.waitingCommands, .count, size,
            "Single votes and deletions that wait for the disk, of all connections."),
        LimitSetting(
            "waiting-time", \.requests.waitingTime.inSeconds, .seconds, time,
            "How old the oldest of a connection may be when it is given another."),
        LimitSetting(
            "token-rate", \.requests.tokenRate.perSecond, .perSecond, 0...1_000_000,
            "Requests of one token or platform's JWT; 0 for any number."),
        LimitSetting(
            "token-burst", \.requests.tokenRate.burst, .count, size, "The same at once."),
        LimitSetting(
            "citizen-rate", \.requests.citizenRate.perSecond, .perSecond, 0...1_000_000,
            "Requests of one JWT with votes:self; 0 for any number."),
        LimitSetting(
            "citizen-burst", \.requests.citizenRate.burst, .count, size, "The same at once."),
    ]
}

extension LimitSetting.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknown(let name): "there is no limit '\(name)': see tally limits"
        case .noNumber(let name): "the limit '\(name)' needs a number, as in \(name)=100"
        case .outOfRange(let name, let range):
            "the limit '\(name)' is from \(range.lowerBound) to \(range.upperBound)"
        }
    }
}

extension TimeAmount {
    /// Whole seconds.
    fileprivate var inSeconds: Int {
        get { Int(nanoseconds / 1_000_000_000) }
        set { self = .seconds(Int64(newValue)) }
    }
}
