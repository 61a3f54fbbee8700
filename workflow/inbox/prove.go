package inbox

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// Prove takes a code that was written on the issue, by which its writer shows
// whose their account is.
type Prove struct {
	ID    uint64 // of the comment
	Proof people.Proof
}

func (Prove) action() {}

// proofs are the codes that were written on the issue, to agents or to everybody.
func (s Situation) proofs() (out []Action) {
	for _, m := range s.Seen.Comments {
		code := people.CodeIn(m.Text)
		if code == "" || m.ID <= s.Cursor.Comment || slices.Contains(s.Proved, m.ID) {
			continue
		}
		out = append(out, Prove{m.ID, people.Proof{Account: m.By, Issue: s.Seen.Issue.Key, Code: code, At: m.At}})
	}
	return out
}

// prove says on the issue, and to the person, what became of a code.
func (s *Service) prove(ctx context.Context, on access.Issue, p Prove) error {
	who, err := s.people.Prove(ctx, p.Proof)
	refusal, refused := access.AsRefusal(err)
	if err != nil && !refused {
		return err
	}
	marker := fmt.Sprintf("proof/%s/%d", on.ID, p.ID)
	return s.units.Update(ctx, func(u *engine.Unit) error {
		said := access.IssueComment{ID: fmt.Sprintf("proof-%d", p.ID), At: u.At, Public: true}
		if refused {
			said.Title = refusal.Sentence
			return ledger.AddComment(u, ledger.Comment{Marker: marker, Issue: on, Body: said})
		}
		name, err := people.ContactIn(u.Tx, who)
		if err != nil {
			return err
		}
		called := people.Called(p.Proof.Account)
		said.Title = fmt.Sprintf("The account %s is known now as that of %s.", called, name)
		if err := ledger.AddComment(u, ledger.Comment{Marker: marker, Issue: on, Body: said}); err != nil {
			return err
		}
		return notify.Announce(u, marker, who, "Your account in Jira is known", "What "+called+" does in Jira counts as yours from now on.", "If that isn't your account, say so at once: “That isn't mine” is on the Home tab of this app.")
	})
}

// hint asks whoever may have acted from an account that isn't known, by the address
// it shows, to prove that it is theirs. It gives nothing away and binds nothing.
func (s *Service) hint(ctx context.Context, c access.Case, act attempt) error {
	who := s.people.Hinted(ctx, act.account())
	if who == "" {
		return nil
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		return notify.Announce(u, "unproved/"+c.Request.ID+"/"+act.key(), who, "Was that you in Jira?",
			fmt.Sprintf("%s did something on %s that doesn't count yet, because nobody knows whose account that is.", people.Called(act.account()), c.Request.Label()),
			fmt.Sprintf("If it was you: type “%s connect %s” here, write the code you get as a comment on that issue, and do it once more. You can also answer here.", s.command, c.Request.Issue.Key),
			"If it wasn't, tell IT.")
	})
}
