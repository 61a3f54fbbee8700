package reading

import (
	"context"
	"encoding/hex"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/population"
)

// Found is what a snapshot comes to.
type Found struct {
	Hash     string // in hex
	Counts   access.RowCounts
	Unproven []string // what keeps it from being certain that everybody was read, of each group
}

// found counts what was written, and judges it: what stands in the snapshot counts, and not what was meant to.
func (s *Reader) found(ctx context.Context, name string) (out Found, err error) {
	err = s.Units.View(ctx, func(tx store.Tx) error {
		from, err := snapshot.Open(tx, name)
		if err != nil {
			return err
		}
		out, err = counted(from)
		return err
	})
	return out, err
}

// counted goes through a snapshot once.
func counted(from *snapshot.Reader) (out Found, err error) {
	h := from.Header().Hash
	out.Hash = hex.EncodeToString(h[:])
	out.Counts, err = countRows(from)
	if err != nil {
		return out, err
	}
	for g, err := range from.Groups() {
		if err != nil {
			return out, err
		}
		p, err := population.ProofOf(g)
		if err != nil {
			return out, err
		}
		if g.Proof != nil && !p.Proven() { // of one person's memberships there is no population
			out.Unproven = append(out.Unproven, p.Problem())
		}
	}
	return out, nil
}

// countRows counts those rows on which somebody decides.
func countRows(from *snapshot.Reader) (c access.RowCounts, err error) {
	left, privileged, err := marked(from)
	if err != nil {
		return c, err
	}
	seen := make([]bool, from.Header().People)
	for row, err := range from.Briefs() {
		if err != nil {
			return c, err
		}
		if row.Excluded {
			continue
		}
		if c.Rows++; !seen[row.Account] {
			seen[row.Account] = true
			c.People++
		}
		if left[row.Account] {
			c.Left++
		}
		if privileged[row.Group] {
			c.Privileged++
		}
		if !row.Asked {
			c.Alone++
		}
	}
	c.Groups = from.Header().Groups
	c.Reviewers, err = countReviewers(from)
	return c, err
}

// countReviewers counts those who are asked in any stage.
func countReviewers(from *snapshot.Reader) (int, error) {
	asked := map[access.PersonID]bool{}
	for _, stage := range []*snapshot.Reader{from, from.Second()} {
		for one, err := range stage.Reviewers() {
			if err != nil {
				return 0, err
			}
			asked[one.ID] = true
		}
	}
	delete(asked, "")
	return len(asked), nil
}

// marked are the accounts of people who have left, and the groups that are privileged.
func marked(from *snapshot.Reader) (left, privileged []bool, err error) {
	left, privileged = make([]bool, from.Header().People), make([]bool, from.Header().Groups)
	for p, err := range from.People() {
		if err != nil {
			return nil, nil, err
		}
		if p.Status == access.Left {
			left[p.Number] = true
		}
	}
	for g, err := range from.Groups() {
		if err != nil {
			return nil, nil, err
		}
		privileged[g.Number] = g.Privileged
	}
	return left, privileged, nil
}
