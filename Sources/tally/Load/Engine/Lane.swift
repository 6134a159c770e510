import NIOCore

/// One script on its way to the server. Confined to the event loop of its connection.
protocol Lane: AnyObject {
    func start(at time: UInt64)
    /// The time is up: ends what has begun.
    func stop()
    /// Gives up.
    func abort(_ failure: LoadFailure)
}
