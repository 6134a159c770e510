internal import NIOCore
internal import Synchronization

/// The connections that are open, so that a shutdown reaches each of them.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var counts: AddressCount
        var isDraining = false
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let meter: LimitMeter

    init(_ limits: TransportLimits, _ meter: LimitMeter) {
        self.meter = meter
        state = Mutex(State(counts: AddressCount(limits)))
    }

    /// Connections that are open.
    var count: Int { state.withLock { $0.channels.count } }

    /// False: the server goes down, or there are too many: the connection is not wanted.
    func add(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let address = AddressCount.Key(channel.remoteAddress)
        let (isWanted, limit) = state.withLock { state -> (Bool, Limit?) in
            if state.isDraining { return (false, nil) }
            if let limit = state.counts.add(address) { return (false, limit) }
            state.channels[key] = channel
            return (true, nil)
        }
        if let limit { meter.count(limit) }
        guard isWanted else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            let continuation: CheckedContinuation<Void, Never>? = state.withLock { state in
                state.channels[key] = nil
                state.counts.remove(address)
                return state.channels.isEmpty ? state.whenEmpty.take() : nil
            }
            continuation?.resume()
        }
        return true
    }

    /// No connection is added any more. Returns those that are open.
    func drain() -> [any Channel] {
        state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
    }

    /// Returns when every connection has closed; after `drain`, and called once.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.whenEmpty = continuation }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
