import Synchronization

/// An explicit queue in front of one actor: what comes from one side only, in record order, is
/// taken out in that order, whatever the runtime does with its tasks.
///
/// The actor's job is started by whoever fills an idle mailbox, so that at most one is under way.
final class Mailbox<Message: Sendable>: Sendable {
    private struct Queue {
        var messages: [Message] = []
        var isBusy = false
    }

    private let queue = Mutex(Queue())

    /// - Returns: whether the mailbox was idle, so that the caller must start a job for it.
    func put(_ message: Message) -> Bool {
        queue.withLock { queue in
            queue.messages.append(message)
            if queue.isBusy { return false }
            queue.isBusy = true
            return true
        }
    }

    /// Everything that has gathered. When it is nothing, the mailbox is idle from now on and the
    /// job must end.
    func take() -> [Message] {
        queue.withLock { queue in
            var taken: [Message] = []
            swap(&taken, &queue.messages)
            if taken.isEmpty { queue.isBusy = false }
            return taken
        }
    }
}
