/// Sent through the pipeline of a connection when the server goes down.
struct ConnectionDrain: Sendable {}
