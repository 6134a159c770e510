import Dispatch
import Foundation

/// Turns Ctrl-C and SIGTERM into the cancellation of a task, so that everything is stopped in order.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    init(cancelling task: Task<some Sendable, any Error>) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
    }

    func end() {
        for source in sources { source.cancel() }
    }
}
