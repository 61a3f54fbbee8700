package export

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/evidence/pack"
	"latchkey/store"
	"latchkey/workflow/campaigns/draft"
)

// reviewing tells who was asked.
func (t *telling) reviewing() error {
	conflicts, err := draft.Interests(t.Rows)
	if err != nil {
		return err
	}
	rows, order := map[access.PersonID]int{}, []access.PersonID{}
	for one, err := range t.From.Reviewers() {
		if err != nil {
			return err
		}
		if one.ID != "" {
			rows[one.ID], order = one.Rows, append(order, one.ID)
		}
	}
	for _, answers := range t.said {
		for _, a := range answers {
			who := access.PersonID(a.By.Person)
			if _, known := rows[who]; !known && who != "" {
				rows[who], order = 0, append(order, who)
			}
		}
	}
	slices.Sort(order) // the answers come from a map
	for _, who := range order {
		one, err := t.reviewer(conflicts, who, rows[who])
		if err != nil {
			return err
		}
		t.to.Reviewers = append(t.to.Reviewers, one)
	}
	return nil
}

func (t *telling) reviewer(conflicts []string, who access.PersonID, rows int) (pack.Reviewer, error) {
	p, err := t.person(who)
	if err != nil {
		return pack.Reviewer{}, err
	}
	how := cmp.Or(draft.HowAsked(t.Campaign.Review, p), "named while it went on")
	r := pack.Reviewer{ID: string(who), Name: p.Display(), Account: p.Contact(), Title: known(p.Title), Chosen: how, Rows: rows, Relation: pack.Is(how), Conflicts: pack.Lacks[[]pack.Conflict](pack.None, "")}
	for _, words := range conflicts {
		switch rest, theirs := strings.CutPrefix(words, p.Contact()+" "); {
		case theirs:
			r.Conflicts = pack.Is(append(r.Conflicts.Value, pack.Conflict{Kind: conflictKind(rest), About: t.Campaign.ID, Words: words}))
		case strings.HasPrefix(words, "There may be more") && !r.Conflicts.Known():
			r.Conflicts = pack.Lacks[[]pack.Conflict](pack.Unknown, "not all rows were looked at")
		}
	}
	lists, err := t.lists(who)
	for _, w := range lists {
		for _, m := range w.Moved {
			if m.From == who {
				r.Reassigned = append(r.Reassigned, pack.Reassignment{To: t.actor(access.Actor{Person: m.To}), Rows: w.Rows, By: t.actor(m.By), At: m.At, Reason: m.Why})
			}
		}
	}
	return r, err
}

// lists are the worklists of a reviewer in all stages.
func (t *telling) lists(who access.PersonID) (out []access.Worklist, err error) {
	for _, stage := range []int{0, 1, access.StageIT} {
		w, err := store.Worklist(t.Tx, t.Campaign.ID, stage, who)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

func conflictKind(words string) pack.ConflictKind {
	switch {
	case strings.HasPrefix(words, "administers"):
		return pack.Administers
	case strings.HasPrefix(words, "reports to"):
		return pack.ReportsTo
	}
	return pack.Provisioned
}
