import Gateway
import NIOCore
import Testing

@Suite struct OutboundBodyTests {
    @Test func bytesLeaveInTheOrderInWhichTheyCame() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
        var random = Splitmix(state: seed)
        var body = OutboundBody()
        var expected: [UInt8] = []
        var actual: [UInt8] = []
        for step in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                body.append(ByteBuffer(bytes: bytes))
                expected += bytes
            case 1:
                bytes.withUnsafeBytes { body.append($0) }
                expected += bytes
            case 2:
                var output = ByteBuffer()
                body.move(Int.random(in: 0...body.count, using: &random), to: &output)
                actual += Array(buffer: output)
            case 3:
                if let slice = body.takeSlice(min(body.count, 7)) { actual += Array(buffer: slice) }
            default:
                if step % 3 == 0, let buffer = body.takeBuffer() { actual += Array(buffer: buffer) }
            }
            #expect(body.count == expected.count - actual.count, "seed \(seed)")
        }
        var rest = ByteBuffer()
        body.move(body.count, to: &rest)
        actual += Array(buffer: rest)
        #expect(actual == expected, "seed \(seed)")
    }

    @Test func aBufferIsHandedOnByReference() {
        var body = OutboundBody()
        let shared = ByteBuffer(repeating: 7, count: 100_000)
        body.append(shared)
        let slice = body.takeSlice(16_384)
        #expect(slice?.readableBytes == 16_384)
        #expect(
            slice?.withUnsafeReadableBytes { $0.baseAddress }
                == shared.withUnsafeReadableBytes { $0.baseAddress })
        #expect(body.count == 100_000 - 16_384)
    }

    private struct Splitmix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }
}
