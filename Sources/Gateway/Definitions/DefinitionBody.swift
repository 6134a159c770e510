package import TallyActors

/// Reads the bodies that define something.
package enum DefinitionBody {
    /// The body of `PUT /v1/consultations/{c}`.
    package static func consultation(
        _ body: UnsafeRawBufferPointer
    ) -> Result<ConsultationDefinition, DefinitionFault> {
        Result { () throws(DefinitionFault) in
            try draft(body, DefinitionDraft.read).judged()
        }
    }

    /// The body of `PUT /v1/consultations/{c}/phases/{ph}/proposals/{p}`.
    ///
    /// - Parameter id: the proposal in the path; an `id` in the body must be the same.
    package static func proposal(
        _ body: UnsafeRawBufferPointer, id: Identifier
    ) -> Result<ProposalDefinition, DefinitionFault> {
        Result { () throws(DefinitionFault) in
            try draft(body, DefinitionDraft.Proposal.read).judged(as: id)
        }
    }

    private static func draft<Draft>(
        _ body: UnsafeRawBufferPointer, _ read: (inout JSONReader) throws(JSONFault) -> Draft
    ) throws(DefinitionFault) -> Draft {
        do throws(JSONFault) {
            return try JSONReader.read(body, read)
        } catch {
            throw DefinitionFault(error)
        }
    }
}
