internal import CNghttp2
package import NIOCore

/// libnghttp2's session without any I/O: bytes go in by `receive`, the bytes to send are collected
/// by `assemble`. It serves as server and as client. Everything unsafe about libnghttp2 is in this
/// file:
///
/// - The user data of the session is this object, unretained: libnghttp2 uses it only within calls
///   that this object makes, and `deinit` deletes the session.
/// - The user data of a stream is its `MessageStream`, unretained: `open` holds it from the moment
///   the stream exists until libnghttp2 says that it closed, and `deinit` outlives both.
/// - Pointers that libnghttp2 gives to a callback are used within the callback only.
/// - Memory that libnghttp2 does not copy is kept by the stream (`retainedBlock`) or is static.
/// - libnghttp2 forbids to receive or to send within a callback: `isBusy` traps it.
///
/// Windows: none is updated automatically. A connection's reopens on receipt, a stream's when
/// `consume` says so.
package final class HTTP2Session {
    package enum Role: Sendable {
        case server
        case client
    }

    package static let noError = NGHTTP2_NO_ERROR.rawValue
    package static let internalError = NGHTTP2_INTERNAL_ERROR.rawValue
    package static let cancelled = NGHTTP2_CANCEL.rawValue
    package static let refused = NGHTTP2_REFUSED_STREAM.rawValue

    /// A frame of a body that is smaller, with more to come, was cut by the peer's window.
    private static let dribble = 32

    package let role: Role
    /// Nil once the owner has let go: nothing is told any more.
    @exclusivity(unchecked) private var events: (any HTTP2SessionEvents)?
    @exclusivity(unchecked) package private(set) var open: [MessageStream] = []

    @exclusivity(unchecked) private var handle: OpaquePointer!
    @exclusivity(unchecked) private var output = AssembledOutput()
    @exclusivity(unchecked) private var outputLimit = 0
    @exclusivity(unchecked) private var isBusy = false
    /// What the peer sends is dropped.
    private var isDeaf = false
    @exclusivity(unchecked) private var drained: [MessageStream] = []
    /// The stream of the last callback: callbacks come in runs for one stream. It is among `open`.
    @exclusivity(unchecked) private var recent: Unmanaged<MessageStream>?
    @exclusivity(unchecked) private var recentID: Int32 = 0
    /// Received body bytes that the connection's window does not know to be consumed yet.
    @exclusivity(unchecked) private var unreported = 0
    /// Received body bytes that nobody has dealt with.
    @exclusivity(unchecked) private var held = 0
    /// Frames of bodies that were sent since the owner asked last, and those of them that the peer's
    /// window cut small.
    @exclusivity(unchecked) private var sent = (frames: 0, dribbles: 0)
    /// Fields of the message that is being submitted; its memory is reused.
    @exclusivity(unchecked) private var fieldTable: [nghttp2_nv] = []

    package init(role: Role, limits: TransportLimits, events: any HTTP2SessionEvents) throws {
        self.role = role
        self.events = events
        let user = Unmanaged.passUnretained(self).toOpaque()
        let callbacks = HTTP2Callbacks.shared
        let status =
            switch role {
            case .server:
                nghttp2_session_server_new2(
                    &handle, callbacks.callbacks, user, callbacks.options)
            case .client:
                nghttp2_session_client_new2(
                    &handle, callbacks.callbacks, user, callbacks.options)
            }
        try Self.check(status, "creating it")
        try submitSettings(limits)
    }

    deinit {
        nghttp2_session_del(handle)
    }

    /// The owner is told nothing more, and nothing is received or sent. Returns the streams that
    /// were open.
    package func abandon() -> [MessageStream] {
        let streams = open
        events = nil
        drained.removeAll()
        // Within a callback libnghttp2 may still come back to a stream.
        if !isBusy { forgetStreams() }
        return streams
    }

    private func forgetStreams() {
        recent = nil
        for stream in open { stream.openIndex = nil }
        open.removeAll()
    }

    private func submitSettings(_ limits: TransportLimits) throws {
        func setting(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
            nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(value))
        }
        var settings = [setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindow)]
        switch role {
        case .server:
            settings += [
                setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreams),
                setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerBytes),
            ]
        case .client:
            settings.append(setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
        }
        try Self.check(
            nghttp2_submit_settings(
                handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count), "its settings"
        )
        try Self.check(
            nghttp2_session_set_local_window_size(
                handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(limits.heldBytes)),
            "its window")
    }

    // MARK: Bytes in and out

    /// Takes all of `bytes`. An error of the peer is not thrown: it is answered by GOAWAY in the
    /// output, and `isFinished` follows.
    package func receive(_ bytes: ByteBuffer) throws {
        precondition(!isBusy, "a session receives within one of its callbacks")
        guard events != nil, !isDeaf else { return }
        isBusy = true
        let taken = bytes.withUnsafeReadableBytes { raw in
            nghttp2_session_mem_recv(
                handle, raw.baseAddress?.assumingMemoryBound(to: UInt8.self), raw.count)
        }
        isBusy = false
        guard events != nil else { return forgetStreams() }
        if taken < 0 { return try endAfterError(Int32(taken)) }
        reopenConnection()
    }

    /// The connection's window reopens on receipt, but for the bytes that are held: those are bounded
    /// by it.
    private func reopenConnection() {
        let count = unreported - held
        guard count > 0 else { return }
        unreported -= count
        // Fails only when memory is out; then so does the next call.
        _ = nghttp2_session_consume_connection(handle, count)
    }

    /// The frames of bodies that were sent since this was called last.
    package func takeSentFrames() -> (frames: Int, dribbles: Int) {
        defer { sent = (0, 0) }
        return sent
    }

    /// libnghttp2 takes no further bytes, and leaves it to its owner to say so in these cases.
    private func endAfterError(_ code: Int32) throws {
        let answer: nghttp2_error_code
        switch nghttp2_error(code) {
        case NGHTTP2_ERR_BAD_CLIENT_MAGIC: answer = NGHTTP2_PROTOCOL_ERROR
        case NGHTTP2_ERR_FLOODED, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS:
            answer = NGHTTP2_ENHANCE_YOUR_CALM
        default: throw HTTP2SessionError(code: code, doing: "receiving")
        }
        isDeaf = true
        terminate(answer)
    }

    private func terminate(_ code: nghttp2_error_code) {
        _ = nghttp2_session_terminate_session(handle, code.rawValue)
    }

    /// Appends frames to `buffer` until there are none or it holds about `limit` bytes. Returns
    /// whether there may be more.
    package func assemble(into buffer: inout AssembledOutput, limit: Int) throws -> Bool {
        precondition(!isBusy, "a session sends within one of its callbacks")
        guard events != nil else { return false }
        isBusy = true
        outputLimit = limit
        swap(&output, &buffer)
        defer {
            swap(&output, &buffer)
            isBusy = false
            if events == nil { forgetStreams() }
        }
        while output.count < limit {
            var frame: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(handle, &frame)
            if count < 0 { throw HTTP2SessionError(code: Int32(count), doing: "sending") }
            // Body frames are appended by the callback, which pauses at the limit; libnghttp2 goes
            // on to the next frame by itself, so that 0 below the limit means that there is none.
            if count == 0 { return output.count >= limit }
            output.append(UnsafeRawBufferPointer(start: frame, count: count))
        }
        return true
    }

    /// Tells the owner of every stream whose unsent bytes fell to the mark. Returns whether there
    /// was one.
    package func deliverDrained() -> Bool {
        guard !drained.isEmpty else { return false }
        var streams: [MessageStream] = []
        swap(&streams, &drained)
        for stream in streams {
            stream.isListedAsDrained = false
            if stream.openIndex != nil { events?.drained(stream) }
        }
        return true
    }

    /// Neither side has anything to say any more: flush and close.
    package var isFinished: Bool {
        nghttp2_session_want_read(handle) == 0 && nghttp2_session_want_write(handle) == 0
    }

    /// The peer's limit on open streams.
    package var peerStreamLimit: Int {
        Int(
            nghttp2_session_get_remote_settings(
                handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    // MARK: Messages

    /// Answers a stream. Without a body the answer is complete.
    package func submitResponse(
        _ stream: MessageStream, _ head: ResponseHead, _ writer: FieldWriter, hasBody: Bool
    ) {
        guard stream.openIndex != nil else { return }
        let block = head.block
        stream.retainedBlock = block
        let status = withFields(block, writer) { fields in
            guard hasBody else {
                stream.isEndSent = true
                return nghttp2_submit_response(
                    handle, stream.streamID, fields.baseAddress, fields.count, nil)
            }
            var provider = Self.provider(stream)
            return nghttp2_submit_response(
                handle, stream.streamID, fields.baseAddress, fields.count, &provider)
        }
        // Refused only when memory is out or the stream is going away: then it closes with an
        // error.
        if status != 0 { reset(stream, code: Self.internalError) }
    }

    /// Tells the client to go on with its body (`expect: 100-continue`).
    package func submitContinue(_ stream: MessageStream) {
        let block = Self.continueBlock
        _ = nghttp2_submit_headers(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.streamID, nil,
            block.fields.baseAddress, block.fields.count, nil)
    }

    /// Opens a stream. False: the session takes no further ones.
    package func submitRequest(
        _ stream: MessageStream, _ head: RequestHead, _ writer: FieldWriter, hasBody: Bool
    ) -> Bool {
        let block = head.block
        stream.retainedBlock = block
        let user = Unmanaged.passUnretained(stream).toOpaque()
        let streamID = withFields(block, writer) { fields in
            guard hasBody else {
                return nghttp2_submit_request(
                    handle, nil, fields.baseAddress, fields.count, nil, user)
            }
            var provider = Self.provider(stream)
            return nghttp2_submit_request(
                handle, nil, fields.baseAddress, fields.count, &provider, user)
        }
        guard streamID > 0 else { return false }
        adopt(stream, streamID)
        return true
    }

    /// There is something to send (or the end) on a stream that had nothing.
    package func resume(_ stream: MessageStream) {
        guard stream.isDeferred, stream.openIndex != nil else { return }
        stream.isDeferred = false
        _ = nghttp2_session_resume_data(handle, stream.streamID)
    }

    /// `count` of the received body bytes (all, if it is more) are dealt with: the stream's window
    /// may reopen.
    package func consume(_ stream: MessageStream, _ count: Int) {
        let count = min(count, stream.unconsumed)
        guard stream.openIndex != nil, count > 0 else { return }
        stream.unconsumed -= count
        held -= count
        _ = nghttp2_session_consume_stream(handle, stream.streamID, count)
        if !isBusy { reopenConnection() }
    }

    package func reset(_ stream: MessageStream, code: UInt32) {
        guard stream.openIndex != nil else { return }
        _ = nghttp2_submit_rst_stream(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.streamID, code)
    }

    /// The peer's window for the stream lets nothing through.
    package func isBlocked(_ stream: MessageStream) -> Bool {
        nghttp2_session_get_stream_remote_window_size(handle, stream.streamID) <= 0
    }

    // MARK: The end of the connection

    /// The peer does too much: nothing of it is taken any more.
    package func submitCalm() {
        terminate(NGHTTP2_ENHANCE_YOUR_CALM)
    }

    /// The peer sent what it must not.
    package func submitError(_ violation: ClientStreams.Violation) {
        switch violation {
        case .streamClosed: terminate(NGHTTP2_STREAM_CLOSED)
        case .unexpectedStream: terminate(NGHTTP2_PROTOCOL_ERROR)
        }
    }

    /// Says that the connection will close, and still takes the streams that are on their way.
    package func submitShutdownNotice() {
        _ = nghttp2_submit_shutdown_notice(handle)
    }

    /// No further streams; those that are open go on.
    package func submitGoAway() {
        _ = nghttp2_submit_goaway(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue),
            role == .server ? nghttp2_session_get_last_proc_stream_id(handle) : 0,
            Self.noError, nil, 0)
    }

    // MARK: Details

    private func adopt(_ stream: MessageStream, _ streamID: Int32) {
        stream.streamID = streamID
        stream.openIndex = open.count
        open.append(stream)
    }

    /// Takes a stream from the open ones; the reference that is returned is the session's only one.
    private func release(at index: Int) -> MessageStream {
        held -= open[index].unconsumed
        let last = open.count - 1
        open.swapAt(index, last)
        open[index].openIndex = index
        open[last].openIndex = nil
        return open.removeLast()
    }

    private func withFields<R>(
        _ block: HeaderBlock, _ writer: FieldWriter,
        _ body: (UnsafeBufferPointer<nghttp2_nv>) -> R
    ) -> R {
        if writer.fields.isEmpty, writer.path == nil { return body(block.fields) }
        fieldTable.removeAll(keepingCapacity: true)
        return writer.bytes.withUnsafeBufferPointer { bytes in
            if let path = writer.path {
                fieldTable.append(contentsOf: block.fields[..<block.pseudoCount])
                fieldTable.append(Self.field(path, bytes))
                fieldTable.append(contentsOf: block.fields[block.pseudoCount...])
            } else {
                fieldTable.append(contentsOf: block.fields)
            }
            for field in writer.fields { fieldTable.append(Self.field(field, bytes)) }
            return fieldTable.withUnsafeBufferPointer(body)
        }
    }

    /// libnghttp2 copies the value in the submission, and the name is static. Values that differ
    /// every time would only push the others out of the compression table: NO_INDEX.
    private static func field(
        _ field: FieldWriter.Field, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> nghttp2_nv {
        nghttp2_nv(
            name: UnsafeMutablePointer(mutating: field.name.utf8Start),
            value: bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + field.start) },
            namelen: field.name.utf8CodeUnitCount, valuelen: field.count,
            flags: UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_INDEX.rawValue))
    }

    private static let continueBlock = HeaderBlock([(name: ":status", value: "100")])

    private static func provider(_ stream: MessageStream) -> nghttp2_data_provider {
        nghttp2_data_provider(
            source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()),
            read_callback: HTTP2Callbacks.readBody)
    }

    private static func check(_ status: Int32, _ action: String) throws {
        if status != 0 { throw HTTP2SessionError(code: status, doing: action) }
    }

    static func text(ofError code: Int32) -> String {
        String(cString: nghttp2_strerror(code))
    }
}

// MARK: - What the callbacks do

extension HTTP2Session {
    /// The stream of a number; nil when libnghttp2 knows none, or one that was never told.
    private func find(_ streamID: Int32) -> Unmanaged<MessageStream>? {
        if let recent, recentID == streamID { return recent }
        guard let user = nghttp2_session_get_stream_user_data(handle, streamID) else { return nil }
        recent = Unmanaged<MessageStream>.fromOpaque(user)
        recentID = streamID
        return recent
    }

    private func stream(_ streamID: Int32) -> MessageStream? {
        find(streamID)?.takeUnretainedValue()
    }

    /// A header block begins. On a server the first one opens the stream.
    fileprivate func beginHeaders(_ frame: UnsafePointer<nghttp2_frame>) {
        guard role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST, let events
        else { return }
        let stream = events.makeStream()
        adopt(stream, frame.pointee.hd.stream_id)
        recent = Unmanaged.passUnretained(stream)
        recentID = frame.pointee.hd.stream_id
        _ = nghttp2_session_set_stream_user_data(
            handle, frame.pointee.hd.stream_id, Unmanaged.passUnretained(stream).toOpaque())
    }

    fileprivate func field(
        _ streamID: Int32, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) -> Int32 {
        let goesOn =
            find(streamID)?._withUnsafeGuaranteedRef { stream in
                stream.hasPeerHead || stream.takeField(name, value)
            } ?? true
        if goesOn { return 0 }
        // The rest of the block is only decompressed, neither checked nor told.
        _ = nghttp2_submit_rst_stream(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), streamID,
            NGHTTP2_ENHANCE_YOUR_CALM.rawValue)
        events?.headAbandoned()
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    }

    fileprivate func frameReceived(_ frame: UnsafePointer<nghttp2_frame>) {
        let header = frame.pointee.hd
        switch nghttp2_frame_type(UInt32(header.type)) {
        case NGHTTP2_HEADERS:
            guard let stream = stream(header.stream_id) else { return }
            if !stream.hasPeerHead { events?.head(stream) }
            fallthrough
        case NGHTTP2_DATA:
            guard header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
                let stream = stream(header.stream_id)
            else { return }
            events?.end(stream)
        case NGHTTP2_GOAWAY:
            events?.goAwayReceived()
        default:
            break
        }
    }

    fileprivate func data(_ streamID: Int32, _ flags: UInt8, _ bytes: UnsafeRawBufferPointer) {
        unreported += bytes.count
        guard let stream = stream(streamID) else { return }
        stream.unconsumed += bytes.count
        stream.receivedBytes += bytes.count
        held += bytes.count
        events?.data(stream, bytes)
        // After the last frame nobody needs the stream's window.
        if !stream.holdsWindow, flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) == 0 {
            consume(stream, bytes.count)
        }
    }

    fileprivate func streamClosed(_ streamID: Int32, _ code: UInt32) {
        guard let index = find(streamID)?._withUnsafeGuaranteedRef({ $0.openIndex }) else { return }
        recent = nil
        var closed = release(at: index)
        events?.closed(closed, code: code)
        if isKnownUniquelyReferenced(&closed) { events?.recycle(closed) }
    }

    fileprivate func resetSent(_ code: UInt32) {
        // libnghttp2 resets but the stream when a setting makes its window overflow, where RFC
        // 9113, 6.9.2, wants the connection to end; and the two cases cannot be told apart here.
        if code == NGHTTP2_FLOW_CONTROL_ERROR.rawValue { terminate(NGHTTP2_FLOW_CONTROL_ERROR) }
        if code != Self.noError { events?.resetSent() }
    }

    fileprivate func goAwaySent(_ code: UInt32) {
        if code != Self.noError { events?.brokenOff() }
    }

    fileprivate func bodyLength(
        _ stream: MessageStream, _ limit: Int, _ flags: UnsafeMutablePointer<UInt32>
    ) -> Int {
        let length = min(limit, stream.outbound.count)
        if length == 0 {
            guard stream.outbound.isFinished else {
                stream.isDeferred = true
                if stream.pulls { listAsDrained(stream) }
                return Int(NGHTTP2_ERR_DEFERRED.rawValue)
            }
            flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
            stream.isEndSent = true
            return 0
        }
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
        if length == stream.outbound.count, stream.outbound.isFinished {
            flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
            stream.isEndSent = true
        }
        if length == limit, limit < Self.dribble, stream.outbound.count > limit {
            sent.dribbles += 1
        } else {
            sent.frames += 1
        }
        return length
    }

    fileprivate func sendBody(
        _ stream: MessageStream, _ frameHeader: UnsafePointer<UInt8>, _ length: Int
    ) -> Int32 {
        output.append(UnsafeRawBufferPointer(start: frameHeader, count: 9))
        let before = stream.outbound.count
        output.append(length, of: &stream.outbound)
        stream.sentBytes += length
        if before > stream.drainMark, stream.outbound.count <= stream.drainMark {
            listAsDrained(stream)
        }
        return output.count < outputLimit ? 0 : NGHTTP2_ERR_PAUSE.rawValue
    }

    private func listAsDrained(_ stream: MessageStream) {
        guard !stream.isListedAsDrained, !stream.outbound.isFinished else { return }
        stream.isListedAsDrained = true
        drained.append(stream)
    }
}

// MARK: - The C functions

/// Unchecked: both objects are filled here and only read afterwards; libnghttp2 copies them into
/// each session.
private struct HTTP2Callbacks: @unchecked Sendable {
    static let shared = HTTP2Callbacks()

    let callbacks: OpaquePointer
    let options: OpaquePointer

    private init() {
        var callbacks: OpaquePointer?
        var options: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0, nghttp2_option_new(&options) == 0,
            let callbacks, let options
        else { preconditionFailure("no memory for libnghttp2's callbacks") }
        nghttp2_option_set_no_auto_window_update(options, 1)
        // Closed streams would be kept for a priority tree that nobody uses.
        nghttp2_option_set_no_closed_streams(options, 1)
        // Who sends too many PING and SETTINGS crosses our limit (`FrameMeter`) long before.
        nghttp2_option_set_max_outbound_ack(options, 100_000)
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
            HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef { $0.beginHeaders(frame!) }
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameCount, value, valueCount, _, user in
            HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef {
                $0.field(
                    frame!.pointee.hd.stream_id,
                    UnsafeRawBufferPointer(start: name, count: nameCount),
                    UnsafeRawBufferPointer(start: value, count: valueCount))
            }
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
            HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef { $0.frameReceived(frame!) }
            return 0
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            _, flags, streamID, bytes, count, user in
            HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef {
                $0.data(streamID, flags, UnsafeRawBufferPointer(start: bytes, count: count))
            }
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) {
            _, streamID, code, user in
            HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef {
                $0.streamClosed(streamID, code)
            }
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
            switch nghttp2_frame_type(UInt32(frame!.pointee.hd.type)) {
            case NGHTTP2_RST_STREAM:
                let code = frame!.pointee.rst_stream.error_code
                HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef { $0.resetSent(code) }
            case NGHTTP2_GOAWAY:
                let code = frame!.pointee.goaway.error_code
                HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef { $0.goAwaySent(code) }
            default: break
            }
            return 0
        }
        nghttp2_session_callbacks_set_send_data_callback(callbacks) {
            _, _, frameHeader, count, source, user in
            HTTP2Callbacks.session(user)._withUnsafeGuaranteedRef {
                $0.sendBody(HTTP2Callbacks.stream(source!), frameHeader!, count)
            }
        }
        self.callbacks = callbacks
        self.options = options
    }

    static let readBody: nghttp2_data_source_read_callback = {
        _, _, _, limit, flags, source, user in
        session(user)._withUnsafeGuaranteedRef { $0.bodyLength(stream(source!), limit, flags!) }
    }

    private static func session(_ user: UnsafeMutableRawPointer?) -> Unmanaged<HTTP2Session> {
        Unmanaged<HTTP2Session>.fromOpaque(user!)
    }

    private static func stream(_ source: UnsafeMutablePointer<nghttp2_data_source>) -> MessageStream
    {
        Unmanaged<MessageStream>.fromOpaque(source.pointee.ptr).takeUnretainedValue()
    }
}
