/// What the files of one data directory have in common.
struct FileIdentity: Equatable, Sendable {
    /// Of the machine whose commands and states the files hold.
    var rulesVersion: UInt32
    var fingerprint: KeyFingerprint

    func check(_ found: FileIdentity, of file: String) throws(DirectoryFault) {
        guard found.fingerprint == fingerprint else {
            throw .otherKey(file: file)
        }
        guard found.rulesVersion == rulesVersion else {
            throw .unknownRules(
                file: file, version: found.rulesVersion, known: rulesVersion)
        }
    }
}
