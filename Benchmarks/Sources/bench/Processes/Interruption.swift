import Foundation
import Glibc
import Synchronization

/// Cleans up when the run is interrupted: a thread waits for the signals, which all others block.
enum Interruption {
    private static let isUnderWay = Atomic<Bool>(false)

    /// To be called before any thread or process is started.
    static func watch(cleaning workspace: String) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
        let waited = signals
        Thread.detachNewThread {
            var waited = waited
            var received: Int32 = 0
            while sigwait(&waited, &received) != 0 {}
            isUnderWay.store(true, ordering: .releasing)
            RunningProcesses.endAll()
            Workspace.remove(workspace)
            exit(128 + received)
        }
    }

    /// To be called after a failure: when an interruption is its cause, nothing else may be started, and
    /// the end of the process is waited for.
    static func yieldIfUnderWay() {
        while isUnderWay.load(ordering: .acquiring) { sleep(1) }
    }
}
