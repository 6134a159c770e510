internal import NIOCore
internal import Synchronization

/// The connections that are open, so that a shutdown reaches each of them.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// False: the server goes down, and the connection is not wanted.
    func add(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let isWanted = state.withLock { state in
            if state.isDraining { return false }
            state.channels[key] = channel
            return true
        }
        guard isWanted else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            let continuation: CheckedContinuation<Void, Never>? = state.withLock { state in
                state.channels[key] = nil
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
