package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
)

// beside asks the directories about somebody while Slack is asked, whom the store knows as one
// who may act: then Slack will hardly say anything else. What they answer goes with what is
// recalled.
func beside(ctx context.Context, s *identities, r *recollection, slack func() (access.Person, error)) (m access.Person, with *recollection, err error) {
	if r == nil || r.asked.Bound == nil || r.known.Kind != access.Employee || r.known.Standing != access.Active {
		m, err = slack()
		return m, r, err
	}
	ahead := *r
	sideBySide(2, func(i int) {
		if i == 0 {
			m, err = slack()
			return
		}
		ahead.early = askEarly(ctx, s, r)
	})
	return m, &ahead, err
}

// askEarly asks the directories about somebody: once for all that is done in the same moment, as
// long as they were not forgotten meanwhile, and once for whoever asks at the same time.
func askEarly(ctx context.Context, s *identities, r *recollection) *earlyReplies {
	account := lookedFor(ctx, r.asked.Account.ID)
	early, _ := idp.Once(ctx, fmt.Sprintf("early|%s|%d", account, r.forgets), func() (*earlyReplies, error) {
		return s.early.do(ctx, account, r.look, func() (*earlyReplies, error) {
			q := access.IdentityQuestion{Account: r.asked.Account, Bound: r.asked.Bound}
			all := s.lookAround(ctx, &q, r.manager)
			return &earlyReplies{all, q.Directories}, nil
		})
	})
	return early
}

// repliesTo are what the directories show of somebody: what they were asked already, if it is known
// by what they were.
func repliesTo(ctx context.Context, s *identities, q *access.IdentityQuestion, r *recollection) replies {
	switch {
	case r == nil:
		return s.lookAround(ctx, q, access.Person{})
	case r.early == nil:
		return s.lookAround(ctx, q, r.manager)
	}
	q.Directories = append(q.Directories, r.early.answers...)
	return r.early.all
}
