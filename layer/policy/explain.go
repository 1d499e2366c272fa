package policy

// Explain says what the policy may do.
func (*layer) Explain() string {
	return "asks a policy first, which may deny the step or change its input"
}

// Fingerprint is empty: what the policy lets through is what counts.
func (*layer) Fingerprint() string { return "" }
