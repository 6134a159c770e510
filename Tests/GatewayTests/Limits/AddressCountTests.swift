import Gateway
import NIOCore
import Testing

@Suite struct AddressCountTests {
    private func key(_ address: String) throws -> AddressCount.Key? {
        AddressCount.Key(try SocketAddress(ipAddress: address, port: 1))
    }

    private var limits: TransportLimits {
        var limits = TransportLimits()
        limits.connections = 3
        limits.connectionsPerAddress = 2
        return limits
    }

    @Test func oneAddressHasItsShareAndAllHaveTheirs() throws {
        var count = AddressCount(limits)
        func add(_ key: AddressCount.Key?) -> Limit? { count.add(key) }
        let (one, other, third) = (try key("192.0.2.1"), try key("192.0.2.2"), try key("192.0.2.3"))
        #expect(add(one) == nil)
        #expect(add(one) == nil)
        #expect(add(one) == .connectionsPerAddress)
        #expect(add(other) == nil)
        #expect(add(third) == .connections)
        count.remove(one)
        #expect(add(third) == nil)
        count.remove(third)
        #expect(add(one) == nil)
        #expect(add(one) == .connections)
    }

    @Test func anIPv6ClientIsItsNetworkOf64Bits() throws {
        #expect(try key("2001:db8:0:1::1") == key("2001:db8:0:1:ffff::2"))
        #expect(try key("2001:db8:0:1::1") != key("2001:db8:0:2::1"))
    }

    @Test func anIPv4ClientOfASocketForBothIsItself() throws {
        #expect(try key("::ffff:192.0.2.1") == key("192.0.2.1"))
        #expect(try key("::ffff:192.0.2.1") != key("::ffff:192.0.2.2"))
        #expect(try key("::1") != key("0.0.0.0"))
    }
}
