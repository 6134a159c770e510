import NIOCore
import Synchronization
import TallyActors

/// Brings applied batches back to the event loop of the connection that submitted them: one hop
/// for all that come before the loop gets to it.
final class OutcomeInbox: BatchCompletion {
    private struct Target {
        weak var responder: GatewayResponder?
    }

    private final class Holder {
        var responder: GatewayResponder?
    }

    private let batches = Mutex<[CommandBatch]>([])
    private let eventLoop: any EventLoop
    private let target: NIOLoopBound<Target>
    private let holder: NIOLoopBound<Holder>

    /// On the event loop.
    init(responder: GatewayResponder, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        target = NIOLoopBound(Target(responder: responder), eventLoop: eventLoop)
        holder = NIOLoopBound(Holder(), eventLoop: eventLoop)
    }

    /// Keeps the responder until it is let go, whatever becomes of its connection. On the event loop.
    func hold(_ responder: GatewayResponder) { holder.value.responder = responder }

    func letGo() { holder.value.responder = nil }

    func batchApplied(_ batch: CommandBatch) {
        let isFirst = batches.withLock { batches in
            batches.append(batch)
            return batches.count == 1
        }
        guard isFirst else { return }
        eventLoop.execute { [self] in
            var applied: [CommandBatch] = []
            batches.withLock { swap(&applied, &$0) }
            target.value.responder?.applied(applied)
        }
    }
}
