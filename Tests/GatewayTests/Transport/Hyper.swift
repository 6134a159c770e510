/// HTTP/2 frames by Python's h2 (Debian: python3-h2), for what ordinary clients do not do.
enum Hyper {
    /// What every script finds: `connection`, `request(...)`, `events()`, `flush()`,
    /// `wait_for(...)`, and below the library `frames()` and `send_frame(...)`.
    private static let prelude = """
        import socket, sys, h2.connection, h2.config, h2.events, h2.settings
        S = h2.settings.SettingCodes
        sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
        connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        def start(**settings):
            connection.initiate_connection()
            if settings: connection.update_settings({getattr(S, k): v for k, v in settings.items()})
            flush()
            while settings:
                for event in events():
                    if isinstance(event, h2.events.SettingsAcknowledged) and event.changed_settings: return
        def flush():
            sock.sendall(connection.data_to_send())
        def request(stream, method, path, end=True, fields=()):
            connection.send_headers(stream, [(":method", method), (":path", path), (":scheme", "http"),
                (":authority", "test"), *fields], end_stream=end)
            flush()
        def events():
            data = sock.recv(65536)
            if not data: return None
            got = connection.receive_data(data)
            flush()
            return got
        def wait_for(kind, stream=None, acknowledge=True):
            body = b""
            while True:
                got = events()
                if got is None: return None, body
                for event in got:
                    if isinstance(event, h2.events.DataReceived):
                        if stream in (None, event.stream_id): body += event.data
                        if acknowledge:
                            connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                            flush()
                for event in got:
                    if isinstance(event, kind) and stream in (None, getattr(event, "stream_id", None)):
                        return event, body
        def send_all_that_fits(stream, limit):
            sent = 0
            while sent < limit:
                room = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size, limit - sent)
                if room == 0: break
                connection.send_data(stream, b"x" * room)
                flush()
                sent += room
            return sent
        def frames():
            data = b""
            while True:
                while len(data) >= 9 and len(data) >= 9 + int.from_bytes(data[:3], "big"):
                    size = int.from_bytes(data[:3], "big")
                    yield data[3], data[4], int.from_bytes(data[5:9], "big"), data[9:9 + size]
                    data = data[9 + size:]
                got = sock.recv(65536)
                if not got: return
                data += got
        def send_frame(kind, flags, stream, payload=b""):
            sock.sendall(len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload)
        Ended = h2.events.StreamEnded

        """

    /// Runs a script against a port; what it prints is returned, an exception of it too.
    static func run(_ script: String, port: Int) async throws -> String {
        try await Tool.run("/usr/bin/python3", "-c", prelude + script, "\(port)").output
    }
}
