package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/sandbox/harness"
	"latchkey/store"
	"latchkey/store/bolt"
)

// leastReviewKills is how often the bot dies during reviews in the bounded form.
const leastReviewKills = 14

// TestReviewTorture kills the bot at the points of an access review, from its beginning over the reading, the answers and the
// removals to the pack, and each time starts it again, until so many reviews have been held. Nothing that was acknowledged is
// lost, nobody is removed twice or without a decision, and what the record says adds up.
func TestReviewTorture(t *testing.T) {
	t.Parallel() // beside the other ones: all wait for the bot to start more than they reckon
	r := &reviewTorture{player: newPlayer(t, leastReviewKills)}
	a := r.rounds(t, ofReviews, r.hold)
	fmt.Printf("reviews: %d, kills: %d at as many points\n", r.held, r.torture.kills)
	r.report(t, slices.Concat(a.wholeChain(), a.nothingLeft(), r.judge(t, a)))
}

// ofReviews tells whether a point belongs to a review.
func ofReviews(label string) bool {
	return slices.ContainsFunc([]string{"campaign", "review", "snapshot", "grant.adopted", "grant.ending", "member_removed", "worklist"}, func(word string) bool { return strings.Contains(label, word) })
}

// reviewTorture holds reviews while the bot is killed.
type reviewTorture struct {
	*player
	acks int // rows of which all answers were acknowledged
}

// hold holds one review of two memberships that nobody asked for, of which one is revoked.
func (r *reviewTorture) hold() error {
	if err := r.do("okta add notion-members maya", "okta add notion-members tom"); err != nil && r.held == 1 {
		return err
	}
	err := r.again("begin", func() error {
		if r.told("was read and waits for you") >= r.held {
			return nil
		}
		begun := r.do("slack ines '/access review'", "slack ines click Begin", "slack ines close")
		return errors.Join(r.sees("was read and waits for you", r.held), begun)
	})
	if err != nil {
		return err
	}
	err = r.again("start", func() error {
		if err := r.do("slack ines '/access review'", "slack ines click Show"); err != nil {
			return err
		}
		_ = r.do("slack ines click Start") // there is no such button any more once it has started
		return r.do("view ines 'reviewers answer until'", "slack ines close")
	})
	if err != nil {
		return err
	}
	if err := r.answer("noor", "Maya Lind", "slack noor submit 'Maya Lind: Notion Member=Revoke'", "slack noor submit 'Revoke Maya Lind: Notion Member=Not on the team any more'"); err != nil {
		return err
	}
	if err := r.answer("priya", "Tom Reyes", "slack priya submit 'Tom Reyes: Notion Member=Keep'"); err != nil {
		return err
	}
	r.advance(25 * time.Hour)
	if err := r.comes("the removal", func() error { return r.do("! okta has notion-members maya") }); err != nil {
		return err
	}
	r.advance(26 * time.Hour)
	return r.comes("the end of the review", func() error { return r.sees("is closed", r.held) })
}

// comes waits for what Latchkey does when its time has come. What it finds unready then it looks at again an hour later, and that
// is how long whoever waits looks away.
func (r *reviewTorture) comes(what string, seen func() error) error {
	return r.again(what, func() error {
		err := seen()
		if err != nil {
			r.advance(time.Hour)
		}
		return err
	})
}

// answer has a reviewer answer the row of somebody. That all of it was acknowledged is counted.
func (r *reviewTorture) answer(who, row string, lines ...string) error {
	shown := false // the button of the review before shows that all is answered, too
	err := r.again(who+" answers", func() error {
		err := r.do("slack " + who + " click Review")
		if err == nil {
			shown = r.do("view "+who+" '"+row+"'") == nil || shown
			err = r.do(lines...)
		}
		switch {
		case err == nil:
			r.acks++
		case shown && errors.Is(err, harness.ErrUnplayable) && r.do("view "+who+" 'row is answered'") == nil: // it was saved before the bot died, and isn't asked any more
			return nil
		case !shown:
			_ = r.do("slack " + who + " close")
			r.advance(time.Hour) // nobody is written to at night
		}
		return err
	})
	if err == nil {
		err = r.do("slack " + who + " close")
	}
	return err
}

// judge says what is wrong with what the store says of the reviews.
func (r *reviewTorture) judge(t *testing.T, a *aftermath) (broken []string) {
	t.Helper()
	s, err := bolt.Open(r.store, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx store.Tx) error {
		all, err := store.Campaigns(tx, "", 1000)
		if len(all) != r.held {
			broken = append(broken, fmt.Sprintf("%d reviews were held, and %d are kept", r.held, len(all)))
		}
		for _, c := range all {
			if err == nil {
				var more []string
				more, err = r.judgeOne(tx, a, c)
				broken = append(broken, more...)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(broken, r.judgeWorld(a)...)
}

// judgeOne judges one review: its population, its answers, its removals.
func (r *reviewTorture) judgeOne(tx store.Tx, a *aftermath, c access.Campaign) (broken []string, err error) {
	say := func(format string, args ...any) { broken = append(broken, c.ID+": "+fmt.Sprintf(format, args...)) }
	if c.State != access.CampaignClosed || len(c.Unproven) > 0 || c.Pack == "" || c.Counts.Rows != 2 {
		say("it is %s, of %d rows, not proven: %q, pack %q", c.State, c.Counts.Rows, c.Unproven, c.Pack)
	}
	if n := count(a.events, func(e access.Event) bool { return e.Kind == access.EventCampaignRead && e.About().ID == c.ID }); n != 1 {
		say("it was read %d times", n)
	}
	items, err := store.ReviewItems(tx, c.ID, "", 100)
	if err != nil {
		return nil, err
	}
	kept, revoked := 0, 0
	for _, i := range items {
		switch i.Decision {
		case access.DecisionKeep:
			kept++
		case access.DecisionRevoke:
			revoked++
			if i.Outcome != access.OutcomeGone || i.ReadBack.IsZero() || i.Rechecked.IsZero() || i.Issue.Key == "" || len(i.Ends) != 1 || i.Grounds != access.ByAnswers {
				say("row %d came to %q (%s), seen to be gone at %s and again at %s, by the grants %q", i.Row, i.Outcome, i.Cause, i.ReadBack, i.Rechecked, i.Ends)
			}
			for _, grant := range i.Ends {
				if n := count(a.events, func(e access.Event) bool { return e.Kind == access.EventMemberRemoved && e.Grant == grant }); n != 1 {
					say("row %d was removed %d times", i.Row, n)
				}
			}
		}
	}
	p, err := store.ReviewProgress(tx, c.ID)
	if kept != 1 || revoked != 1 || p.Kept != kept || p.Revoked != revoked || p.Gone != 1 || p.Open != 0 {
		say("%d rows are kept and %d revoked, and it counts %+v", kept, revoked, p)
	}
	return broken, err
}

func count(all []access.Event, is func(access.Event) bool) (n int) {
	for _, e := range all {
		if is(e) {
			n++
		}
	}
	return n
}

// judgeWorld judges what can be seen outside, and what was acknowledged.
func (r *reviewTorture) judgeWorld(a *aftermath) (broken []string) {
	answered := map[string]bool{}
	for _, e := range a.events {
		if e.Kind == access.EventRowAnswered && e.Review.Decision != access.DecisionNone {
			answered[fmt.Sprint(e.About().ID, "/", e.Review.Row)] = true
		}
	}
	if len(answered) < r.acks {
		broken = append(broken, fmt.Sprintf("%d answers were acknowledged, and %d rows are answered", r.acks, len(answered)))
	}
	removed := count(a.events, func(e access.Event) bool { return e.Kind == access.EventMemberRemoved })
	if removed != r.held {
		broken = append(broken, fmt.Sprintf("%d removals for %d revoked rows", removed, r.held))
	}
	if in := a.members["notion-members"]; len(in) != 1 {
		broken = append(broken, fmt.Sprintf("%q are in the group", in))
	}
	files, revocations := 0, 0
	for _, is := range r.world.Jira.Issues() {
		files += len(is.Attachments)
		if strings.HasPrefix(is.Summary, "Revoked by a review") {
			revocations++
		}
	}
	if revocations != r.held || files != r.held {
		broken = append(broken, fmt.Sprintf("%d reviews of a revoked row each have %d issues of revocations and %d files", r.held, revocations, files))
	}
	for words, most := range map[string]int{"was read and waits for you": r.held, "is closed": r.held} {
		if n := r.told(words); n != most {
			broken = append(broken, fmt.Sprintf("IT reads %d times that it %s", n, words))
		}
	}
	return broken
}
