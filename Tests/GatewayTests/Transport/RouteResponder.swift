import Gateway
import NIOCore

/// A small application: one route for each thing that the transport has to do.
final class RouteResponder: RequestResponder {
    static let text = ResponseHead(status: 200, [("content-type", "text/plain")])
    static let notFound = ProblemDetails(
        status: 404, code: "not-found", title: "Not found", detail: "there is no \"such\" route")
    /// Unsent bytes at which `/echo` takes no more from the client.
    static let echoLimit = 256 << 10

    private final class Upload {
        var received = 0
        var unconsumed = 0
    }

    private let log: ResponderLog
    private let connection: any HTTPConnection
    private var streams: [Exchange] = []
    private var held: [Exchange] = []

    init(log: ResponderLog, connection: any HTTPConnection) {
        self.log = log
        self.connection = connection
    }

    func begin(_ exchange: Exchange) {
        log.note { $0.begun += 1 }
        let upload = Upload()
        exchange.context = upload
        switch exchange.path {
        case "/echo":
            exchange.holdsWindow = true
            exchange.respondHead(Self.text)
        case "/hold":
            exchange.holdsWindow = true
            held.append(exchange)
        case "/stream":
            exchange.respondHead(Self.text)
            exchange.write(ByteBuffer(string: "first\n"))
            streams.append(exchange)
        case "/early":
            exchange.respond(Self.notFound)
        default: break
        }
    }

    func body(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) {
        log.note { $0.received += bytes.count }
        guard let upload = exchange.context as? Upload else { return }
        upload.received += bytes.count
        guard exchange.path == "/echo" else { return }
        exchange.write(bytes)
        if exchange.unsentBytes > Self.echoLimit {
            upload.unconsumed += bytes.count
        } else {
            exchange.consumed(bytes.count)
        }
    }

    func end(_ exchange: Exchange) {
        log.note { $0.ended += 1 }
        guard let upload = exchange.context as? Upload else { return }
        let path = exchange.path
        switch path {
        case "/echo": exchange.finish()
        case "/hold", "/count":
            exchange.respond(Self.text, body: ByteBuffer(string: "\(upload.received)\n")) {
                $0.add("tally-sequence", decimal: UInt64(upload.received))
            }
        case "/release":
            for other in held { other.consumed(1 << 30) }
            held.removeAll()
            exchange.respond(Self.text, body: nil)
        case "/later":
            let loop = connection.eventLoop.assumeIsolated()
            loop.scheduleTask(in: .milliseconds(20)) {
                exchange.respond(Self.text, body: ByteBuffer(string: "later\n"))
            }
        case "/reset": exchange.reset()
        case "/fields": exchange.respond(Self.text, body: ByteBuffer(string: seen(exchange)))
        case "/stream", "/never": break
        case _ where path.hasPrefix("/bytes/"):
            let count = Int(path.dropFirst(7)) ?? 0
            exchange.respond(Self.text, body: ByteBuffer(repeating: 0x61, count: count))
        default: exchange.respond(Self.notFound)
        }
    }

    private func seen(_ exchange: Exchange) -> String {
        RequestHeader.allCases.map { "\($0)=\(exchange.header($0) ?? "-")\n" }.joined()
    }

    func aborted(_ exchange: Exchange) {
        log.note { $0.aborted += 1 }
        streams.removeAll { $0 === exchange }
    }

    func drained(_ exchange: Exchange) {
        log.note { $0.drained += 1 }
        guard let upload = exchange.context as? Upload else { return }
        exchange.consumed(upload.unconsumed)
        upload.unconsumed = 0
    }

    func readComplete() {}

    func connectionDraining() {
        for stream in streams {
            stream.write(ByteBuffer(string: "last\n"))
            stream.finish()
        }
        streams.removeAll()
    }

    func connectionClosed() {
        log.note { $0.connectionsClosed += 1 }
    }
}
