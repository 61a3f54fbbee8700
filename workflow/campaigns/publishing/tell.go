package publishing

import (
	"encoding/hex"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// published writes down that the evidence of a campaign was made, by what was read back, and tells where it is.
func (s *Service) published(u *engine.Unit, id string, at seenPack) error {
	c, err := engine.Load(u, rows.Campaigns(), id)
	if err != nil {
		return err
	}
	e := rows.WithReview(c.Event(access.EventPackMade, access.System(), u.At))
	e.Review.Hash, e.Note = at.id, "Attached to "+c.Issue.Key+" as "+at.name
	if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil {
		return err
	}
	return s.tell(u, c, "The evidence of this review is attached.", fmt.Sprintf("It is attached to %s: %s.", c.Issue.Key, at.name),
		at.name+", "+size(at.size)+", SHA-256 "+hex.EncodeToString(at.sum[:]), "It was read back from here and checked. To check it anywhere: latchkey evidence verify "+at.name)
}

// notAttached tells that the site doesn't take the evidence, and how it is had all the same.
func (s *Service) notAttached(u *engine.Unit, id, why string) error {
	c, err := engine.Load(u, rows.Campaigns(), id)
	if err != nil {
		return err
	}
	command := "To have it: latchkey review export " + c.ID
	return s.tell(u, c, "The evidence of this review could not be attached.", "Its evidence could not be attached to "+c.Issue.Key+".", why+".", command)
}

// tell says in the issue, in the IT channel and to whoever began a campaign what came of it. in is what is said in the issue,
// over lines that Slack gets too where the evidence isn't attached.
func (s *Service) tell(u *engine.Unit, c access.Campaign, in, where string, lines ...string) error {
	p, err := store.ReviewProgress(u.Tx, c.ID)
	if err != nil {
		return err
	}
	m := access.IssueComment{ID: c.ID + "/pack", At: u.At, Title: in, Lines: append([]string{figures(c, p)}, lines...)}
	if err := ledger.AddComment(u, ledger.Comment{Marker: m.ID, Issue: c.Issue, Body: m}); err != nil {
		return err
	}
	if err := ledger.Close(u, c.Issue); err != nil {
		return err
	}
	said := []string{figures(c, p), where}
	if c.Pack == "" {
		said = append(said, lines...)
	}
	title := fmt.Sprintf("The access review %s is closed", c.Review.Name)
	if c.Run > 0 {
		title = fmt.Sprintf("The access review %s, run %d, is closed", c.Review.Name, c.Run)
	}
	said = append(said, c.Issue.URL)
	if err := notify.Announce(u, "review/pack/"+c.ID, "", title, said...); err != nil || c.By.Person == "" {
		return err
	}
	return notify.Announce(u, "review/pack/"+c.ID+"/by", c.By.Person, title, said...)
}

// figures are what came of a campaign, in a line.
func figures(c access.Campaign, p access.Progress) string {
	out := fmt.Sprintf("%s: %d kept by an answer, %d revoked", memberships(c.Counts.Rows), p.Kept, p.Revoked)
	for _, f := range []struct {
		n    int
		what string
	}{
		{c.Counts.Rows - p.Kept - p.Revoked, "unchanged without an answer"}, {p.Gone, "removed and seen to be gone"}, {p.Ended, "gone before"}, {p.Shared, "kept by another grant"}, {p.Manual, "to be removed by hand"}, {p.Failed, "not removed"}, {p.Restored, "given back"},
	} {
		if f.n > 0 {
			out += fmt.Sprintf(", %d %s", f.n, f.what)
		}
	}
	return out + "."
}

func memberships(n int) string {
	if n == 1 {
		return "1 membership"
	}
	return fmt.Sprintf("%d memberships", n)
}

// size is how large a file is, for people.
func size(bytes int64) string {
	switch {
	case bytes < 10_000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 10_000_000:
		return fmt.Sprintf("%d kB", bytes/1000)
	}
	return fmt.Sprintf("%d MB", bytes/1_000_000)
}
