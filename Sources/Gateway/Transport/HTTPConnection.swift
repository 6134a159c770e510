package import NIOCore

/// One connection as the application sees it, whatever its protocol. Confined to its event loop. It
/// may be kept after it has closed: then its functions do nothing.
package protocol HTTPConnection: AnyObject {
    var eventLoop: any EventLoop { get }
    var version: HTTPVersion { get }

    /// Response bytes that the application wrote and that the socket has not been given, of all
    /// exchanges.
    var unsentBytes: Int { get }

    /// What is written inside goes out in one write. Outside of it and of a read, a write is
    /// scheduled once per turn of the event loop.
    func corked(_ body: () -> Void)

    /// Cuts the connection; open exchanges are aborted.
    func close()
}
