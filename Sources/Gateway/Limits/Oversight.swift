/// What the handlers of one connection need to hold its client to the limits.
struct Oversight {
    let limits: TransportLimits
    let meter: LimitMeter
    /// Of the connection's event loop.
    let watch: LoopWatch
}
