/// Fixed-width integers at byte offsets, little-endian on every machine.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func field<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ offset: Int, as type: Integer.Type = Integer.self
    ) -> Integer {
        Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Whether there is nothing but zeros; 8 bytes at a time where the memory allows it.
    var isZero: Bool {
        var offset = 0
        while offset + 8 <= count {
            if loadUnaligned(fromByteOffset: offset, as: UInt64.self) != 0 { return false }
            offset += 8
        }
        while offset < count {
            if self[offset] != 0 { return false }
            offset += 1
        }
        return true
    }

    func part(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[offset..<offset + length])
    }
}

extension UnsafeMutableRawBufferPointer {
    @inline(__always)
    func setField<Integer: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ value: Integer) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
    }
}
