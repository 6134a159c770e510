/// What an exchange asks of its connection.
protocol ExchangeTransport: HTTPConnection {
    var fieldWriter: FieldWriter { get }
    /// Sends the head with the fields of the writer, then what the exchange has to send.
    func send(_ exchange: Exchange, _ head: ResponseHead, hasBody: Bool)
    /// The exchange has more to send, or the end.
    func outboundGrew(_ exchange: Exchange)
    func consumed(_ exchange: Exchange, _ count: Int)
    func reset(_ exchange: Exchange)
}
