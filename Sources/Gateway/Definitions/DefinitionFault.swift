package import TallyActors

/// Why a body is no definition.
package struct DefinitionFault: Error, Equatable {
    /// `malformed` or `invalid-definition`.
    package var refusal: Refusal
    /// For people.
    package var detail: String

    init(_ refusal: Refusal, _ detail: String) {
        self.refusal = refusal
        self.detail = detail
    }

    init(_ fault: JSONFault) {
        self.init(.malformed, fault.detail)
    }
}
