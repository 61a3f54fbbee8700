package population

import (
	"encoding/json"
	"fmt"

	"latchkey/access"
	"latchkey/store/snapshot"
)

// ProofOf is what is known of who was read of a group.
func ProofOf(g snapshot.Group) (p access.Population, err error) {
	if g.Proof == nil {
		return p, nil
	}
	if err := json.Unmarshal(g.Proof, &p); err != nil {
		return p, fmt.Errorf("the proof of %s: %w", g.Ref, err)
	}
	return p, nil
}
