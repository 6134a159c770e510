package import NIOCore
package import TallyActors

/// One line of the audit log: an administrative act, by whom, and what became of it.
///
/// A deletion's line names no account, not even hashed; nor does any other.
package struct AuditEntry: Sendable {
    package enum Act: String, Sendable {
        case define = "define-consultation"
        case remove = "remove-consultation"
        case putProposal = "put-proposal"
        case openPhase = "open-phase"
        case closePhase = "close-phase"
        case deleteAccount = "delete-account"
        case deleteAccounts = "delete-accounts"
        case writeSnapshot = "write-snapshot"
        case erase = "erase"
        case createToken = "create-token"
        case revokeToken = "revoke-token"
    }

    package var act: Act
    package var by: Bearer
    package var consultation: Identifier?
    package var phase: Identifier?
    package var proposal: Identifier?
    /// The id of the token that was made or revoked.
    package var token: String?
    /// The journal's position after the act.
    package var sequence: UInt64?
    /// What a stream's last line sums up.
    package var counts: [(name: String, value: UInt64)] = []
    /// `done`, or what the answer said: its `outcome`, or the code of the refusal.
    package var outcome: String

    package init(_ act: Act, by: Bearer, outcome: String) {
        self.act = act
        self.by = by
        self.outcome = outcome
    }

    /// With its line feed.
    package func line(at time: Instant) -> ByteBuffer {
        var json = JSONWriter(ByteBuffer())
        json.beginObject()
        json.key("time")
        json.instant(time)
        json.key("act")
        json.string(act.rawValue)
        json.key("by")
        json.write(by)
        for (name, value) in [
            ("consultation", consultation), ("phase", phase), ("proposal", proposal),
        ] {
            guard let value else { continue }
            json.key(name)
            json.string(value)
        }
        if let token {
            json.key("token")
            json.string(token)
        }
        for (name, value) in counts {
            json.key(name)
            json.integer(value)
        }
        if let sequence {
            json.key("sequence")
            json.integer(sequence)
        }
        json.key("outcome")
        json.string(outcome)
        json.endObject()
        json.buffer.writeStaticString("\n")
        return json.buffer
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ bearer: Bearer) {
        beginObject()
        switch bearer {
        case .anonymous:
            key("anonymous")
            boolean(true)
        case .token(let id, let name):
            key("token")
            string(id)
            if let name {
                key("name")
                string(name)
            }
        case .jwt(let issuer, let mark):
            key("issuer")
            string(issuer)
            key("jwt")
            string(mark)
        case .operatingUser(let number):
            key("user")
            integer(UInt64(number))
        }
        endObject()
    }
}
