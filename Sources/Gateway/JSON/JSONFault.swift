/// Why bytes are not the JSON that was asked for: what a client is answered as `malformed`.
package struct JSONFault: Error, Equatable {
    package var reason: Reason
    /// The byte, counted from 0, at which it showed.
    package var offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package enum Reason: Equatable, Sendable {
        case endedEarly
        case unexpectedByte
        case notAnObject
        case notAnArray
        case notAString
        case notAnInteger
        case notABoolean
        case invalidEscape
        case loneSurrogate
        case controlCharacter
        case invalidUTF8
        case trailingBytes
        case unknownKey
        case repeatedKey
        case missingKey(String)
        case invalidIdentifier
        case tooManyVotes
    }

    /// For people.
    package var detail: String {
        let what =
            switch reason {
            case .endedEarly: "the JSON ends early"
            case .unexpectedByte: "this is not JSON"
            case .notAnObject: "an object belongs here"
            case .notAnArray: "an array belongs here"
            case .notAString: "a string belongs here"
            case .notAnInteger: "an integer without fraction and exponent belongs here"
            case .notABoolean: "true or false belongs here"
            case .invalidEscape: "this is no escape of JSON"
            case .loneSurrogate: "a surrogate stands alone"
            case .controlCharacter: "a control character in a string must be escaped"
            case .invalidUTF8: "this is not UTF-8"
            case .trailingBytes: "something follows the end of the JSON"
            case .unknownKey: "the key before is unknown here"
            case .repeatedKey: "the key before came twice"
            case .missingKey(let name): "the object that ends here lacks \"\(name)\""
            case .invalidIdentifier: "the string before is no identifier"
            case .tooManyVotes: "the ballot has more votes than a ballot may have"
            }
        return "At byte \(offset): \(what)."
    }
}
