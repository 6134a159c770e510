import Foundation

/// Runs what blocks on a thread of its own: the threads of the cooperative pool and of Dispatch are
/// as many as cores, and the tests run side by side.
func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
