import NIOCore

/// The limits of one stream of lines.
enum StreamLimits {
    /// The most lines a batch takes: what is decoded goes on its way at least that often.
    static let batchLines = 1024
    /// Answer bytes that a client may leave unread before its stream is not read from any more.
    static let unreadBytes = 1 << 20
    /// How often it is looked whether the credential still holds that began a stream.
    static let expiryLook = TimeAmount.milliseconds(250)
}
