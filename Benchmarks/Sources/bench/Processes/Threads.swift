import Foundation
import Synchronization

/// Runs a body on so many threads of its own at once and waits for all: for connections that block.
/// - Throws: the error of the first body that failed, in the order of their numbers.
func onThreads<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
) throws -> [Result] {
    let results = Results<Result>()
    let group = DispatchGroup()
    for number in 0..<count {
        group.enter()
        let thread = Thread {
            let result = Swift.Result { try body(number) }
            results.byNumber.withLock { $0[number] = result }
            group.leave()
        }
        thread.stackSize = 1 << 20
        thread.start()
    }
    group.wait()
    return try (0..<count).map { number in
        guard let result = results.byNumber.withLock({ $0[number] }) else {
            preconditionFailure("thread \(number) left no result")
        }
        return try result.get()
    }
}

/// What the threads leave behind: a class, since a lock itself cannot be shared.
private final class Results<Result: Sendable>: Sendable {
    let byNumber = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
}
