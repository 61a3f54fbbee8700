package anchor

import (
	"fmt"

	"latchkey/evidence"
)

// Attestations are what the anchors of this log say of it, for evidence.Verify.
func (r Reading) Attestations() []evidence.Attestation {
	attested := make([]evidence.Attestation, len(r.Anchors))
	for i, a := range r.Anchors {
		attested[i] = evidence.Attestation{Size: a.Size, Root: a.Root, Where: a.Where, At: a.Dated()}
	}
	return attested
}

// Amiss are what is wrong with the anchors themselves, as sentences.
func (r Reading) Amiss() []string { return append(r.Lost(), r.Doubled()...) }

// Lost are the notes that were not found, as sentences. One answer without them does not
// prove that they are gone.
func (r Reading) Lost() (out []string) {
	for _, no := range r.Missing {
		out = append(out, fmt.Sprintf("Note no. %d isn't found outside: what it said is proven by nobody%s.", no, r.between(no)))
	}
	return out
}

// Doubled are the numbers under which two notes were seen, as sentences.
func (r Reading) Doubled() (out []string) {
	for _, no := range r.Twice {
		out = append(out, fmt.Sprintf("There are two histories of notes from no. %d on: two Latchkeys have written, or somebody has the key.", no))
	}
	return out
}

// between says which span of the log a missing note was about.
func (r Reading) between(no uint64) string {
	var before, after *Anchor
	for i, a := range r.Anchors {
		switch {
		case a.Draft || a.Text == "":
		case a.Heads.No < no && (before == nil || a.Heads.No > before.Heads.No):
			before = &r.Anchors[i]
		case a.Heads.No > no && (after == nil || a.Heads.No < after.Heads.No):
			after = &r.Anchors[i]
		}
	}
	if after == nil {
		return ""
	}
	from := uint64(1)
	if before != nil {
		from = before.Size + 1
	}
	if from > after.Size {
		return "; nothing happened between those beside it"
	}
	return fmt.Sprintf(", so of the events from place %d to %d it is not proven in between how they stood", from, after.Size)
}
