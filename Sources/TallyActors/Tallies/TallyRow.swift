import Synchronization

/// The inlet of the tally shards: records come in strictly in order, cuts are markers between
/// them, and readers are answered from the newest cut.
package final class TallyRow: Sendable {
    private struct State {
        /// The last record handed over: nothing later has been acknowledged.
        var position: UInt64
        var instant: Instant
        var catalogue: Catalogue
        var newest: Cut
        /// The cut in flight, and who waits for it.
        var underway: CutRequest?
        var joined: [@Sendable (Cut) -> Void] = []
        /// Who asked for a position that the cut in flight does not reach.
        var waiting: [@Sendable (Cut) -> Void] = []
    }

    private let shards: [any TallyInlet]
    private let state: Mutex<State>

    init(shards: [any TallyInlet], catalogue: Catalogue, position: UInt64, instant: Instant) {
        self.shards = shards
        let start = Cut(sequence: 0, asOf: instant, catalogue: .empty, phases: [])
        state = Mutex(
            State(position: position, instant: instant, catalogue: catalogue, newest: start))
    }

    package var position: UInt64 { state.withLock { $0.position } }

    /// Takes what a record changed. Called by the ballot shard that was the last to apply it, and
    /// so strictly in record order.
    func handOver(_ record: OrderedRecord, parts: [CountChanges]) {
        guard record.commandCount > 0 else { return }
        send { state in
            precondition(record.first == state.position + 1, "records were applied out of order")
            state.position = record.last
            state.instant = record.instant
            return .fold(parts, first: record.first, last: record.last)
        }
    }

    /// Takes the catalogue that the command at `sequence` made.
    func handOver(_ catalogue: Catalogue, sequence: UInt64, instant: Instant) {
        send { state in
            precondition(sequence == state.position + 1, "a catalogue was applied out of order")
            state.position = sequence
            state.instant = instant
            state.catalogue = catalogue
            return .adopt(catalogue, sequence: sequence)
        }
    }

    /// The newest cut, if it includes everything acknowledged.
    func currentCut() -> Cut? {
        state.withLock { state in
            state.newest.sequence == state.position ? state.newest : nil
        }
    }

    /// Calls back with a cut that includes everything acknowledged before: at once when there is
    /// one. One cut is in flight at a time, shared by all who ask meanwhile.
    package func withCut(_ body: @escaping @Sendable (Cut) -> Void) {
        var ready: Cut?
        let idle: [any TallyInlet] = state.withLock { state in
            if state.newest.sequence == state.position {
                ready = state.newest
                return []
            }
            if let underway = state.underway {
                if underway.sequence == state.position {
                    state.joined.append(body)
                } else {
                    state.waiting.append(body)
                }
                return []
            }
            state.joined.append(body)
            return start(&state)
        }
        if let ready { body(ready) }
        for shard in idle { shard.wake() }
    }

    private func send(_ message: (inout State) -> TallyMessage) {
        let idle: [any TallyInlet] = state.withLock { state in
            let message = message(&state)
            return shards.filter { $0.put(message) }
        }
        for shard in idle { shard.wake() }
    }

    /// Puts the marker for a cut at the present position; returns the shards to wake.
    private func start(_ state: inout State) -> [any TallyInlet] {
        let request = CutRequest(
            sequence: state.position, asOf: state.instant, catalogue: state.catalogue,
            shards: shards.count
        ) { [self] request, parts in complete(request, parts) }
        state.underway = request
        return shards.filter { $0.put(.cut(request)) }
    }

    private func complete(_ request: CutRequest, _ parts: [CutPart]) {
        // Only the one cut in flight advances the newest, so nobody else replaces it meanwhile.
        let before = state.withLock { $0.newest }
        let cut = before.advanced(
            to: request.sequence, asOf: request.asOf, catalogue: request.catalogue, parts: parts)
        var answered: [@Sendable (Cut) -> Void] = []
        let idle: [any TallyInlet] = state.withLock { state in
            precondition(state.underway === request, "two cuts were in flight")
            state.newest = cut
            state.underway = nil
            swap(&answered, &state.joined)
            guard !state.waiting.isEmpty else { return [] }
            swap(&state.joined, &state.waiting)
            return start(&state)
        }
        for shard in idle { shard.wake() }
        for body in answered { body(cut) }
    }
}
