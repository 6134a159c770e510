internal import NIOPosix

/// The buffer in which the connections of one event loop assemble their output, one after the
/// other: a connection that is idle keeps none. It is allocated again only after a socket did not
/// take all of it at once.
final class OutputScratch {
    /// Unsafe in name only: each thread gets its own value, and never hands it to another.
    nonisolated(unsafe) private static let perThread = ThreadSpecificVariable<OutputScratch>()

    private var output: AssembledOutput?

    static var current: OutputScratch {
        if let scratch = perThread.currentValue { return scratch }
        let scratch = OutputScratch()
        perThread.currentValue = scratch
        return scratch
    }

    /// Empty output. A second taker, within the first one's turn, gets another.
    func take() -> AssembledOutput {
        output.take() ?? AssembledOutput()
    }

    /// Takes output back that is written: its memory serves again.
    func put(_ used: consuming AssembledOutput) {
        used.removeAll()
        output = used
    }
}
