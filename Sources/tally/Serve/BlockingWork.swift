import Dispatch

/// Work that blocks its thread, done on one that is not of the cooperative pool.
func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "tally.blocking").async {
            continuation.resume(with: Result { try work() })
        }
    }
}
