/// An answer over HTTP/1.1.
struct HTTPResponse {
    var status: Int
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}
