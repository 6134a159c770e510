internal import NIOCore

/// Something that a client may leave waiting.
protocol Watched: AnyObject {
    /// Called again and again, on the event loop.
    func look(at now: NIODeadline)
}

/// Looks at all connections of one event loop at once, whether their clients keep to the limits of time:
/// one task for each loop, not one for each connection. Confined to the loop.
final class LoopWatch {
    private var watched: [ObjectIdentifier: any Watched] = [:]

    /// On the event loop.
    init(_ eventLoop: any EventLoop, every period: TimeAmount) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
            let now = NIODeadline.now()
            // Who is looked at may leave.
            for one in Array(bound.value.watched.values) { one.look(at: now) }
        }
    }

    func add(_ one: any Watched) { watched[ObjectIdentifier(one)] = one }

    func remove(_ one: any Watched) { watched[ObjectIdentifier(one)] = nil }
}
