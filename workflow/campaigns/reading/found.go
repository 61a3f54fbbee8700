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

// found counts what was written, and judges it: what stands in the snapshot counts, and not what was meant to. It is read in
// many short views: nobody changes it, and no store has to keep for minutes what others change meanwhile.
func (s *Reader) found(ctx context.Context, name string) (Found, error) {
	c := counting{Reader: s, ctx: ctx}
	err := s.Units.View(ctx, func(tx store.Tx) (err error) {
		c.from, err = snapshot.Open(tx, name)
		return err
	})
	for _, step := range []func() error{c.people, c.groups, c.reviewers} {
		if err == nil {
			err = step()
		}
	}
	return c.found, err
}

// counting goes through a snapshot once.
type counting struct {
	*Reader
	ctx   context.Context // of the counting, for as long as that lasts
	from  *snapshot.Reader
	left  []bool // by account: its owner has left
	seen  []bool // by account: somebody decides on a row of it
	found Found
}

// in does something in a view of its own.
func (c *counting) in(do func(*snapshot.Reader) error) error {
	return c.Units.View(c.ctx, func(tx store.Tx) error { return do(c.from.In(tx)) })
}

// people finds those who have left.
func (c *counting) people() error {
	h := c.from.Header()
	c.found.Hash, c.found.Counts.Groups = hex.EncodeToString(h.Hash[:]), h.Groups
	c.left, c.seen = make([]bool, h.People), make([]bool, h.People)
	return c.in(func(from *snapshot.Reader) error {
		number := 0
		for standing, err := range from.Standings() {
			if err != nil {
				return err
			}
			c.left[number] = standing == access.Left
			number++
		}
		return nil
	})
}

// groups counts the rows of each group, and reads its proof.
func (c *counting) groups() error {
	for number := range c.from.Header().Groups {
		var rows access.RowCounts
		var problem string
		err := c.in(func(from *snapshot.Reader) (err error) {
			rows, problem, err = c.group(from, number)
			return err
		})
		if err != nil {
			return err
		}
		all := &c.found.Counts
		all.Rows, all.Left, all.Privileged, all.Alone = all.Rows+rows.Rows, all.Left+rows.Left, all.Privileged+rows.Privileged, all.Alone+rows.Alone
		if problem != "" {
			c.found.Unproven = append(c.found.Unproven, problem)
		}
	}
	for _, seen := range c.seen {
		if seen {
			c.found.Counts.People++
		}
	}
	return nil
}

// group counts those rows of a group on which somebody decides, and tells what keeps it from being proven.
func (c *counting) group(from *snapshot.Reader, number int) (rows access.RowCounts, problem string, err error) {
	g, err := from.Group(number)
	if err != nil {
		return rows, "", err
	}
	for row, err := range from.Briefs(number) {
		if err != nil {
			return rows, "", err
		}
		if row.Excluded {
			continue
		}
		c.seen[row.Account] = true
		if rows.Rows++; c.left[row.Account] {
			rows.Left++
		}
		if g.Privileged {
			rows.Privileged++
		}
		if !row.Asked {
			rows.Alone++
		}
	}
	p, err := population.ProofOf(g)
	if err == nil && g.Proof != nil && !p.Proven() { // of one person's memberships there is no population
		problem = p.Problem()
	}
	return rows, problem, err
}

// reviewers counts those who are asked in any stage.
func (c *counting) reviewers() error {
	asked := map[access.PersonID]bool{}
	err := c.in(func(from *snapshot.Reader) error {
		for _, stage := range []*snapshot.Reader{from, from.Second()} {
			for one, err := range stage.Reviewers() {
				if err != nil {
					return err
				}
				asked[one.ID] = true
			}
		}
		return nil
	})
	delete(asked, "")
	c.found.Counts.Reviewers = len(asked)
	return err
}
