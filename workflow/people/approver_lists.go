package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// lists read the sources of approvers that say whom they name themselves: user groups in Slack and
// schedules of who is on call.
type lists struct{ question }

// outside is whom one of these sources stands for.
func (q lists) outside(ctx context.Context, a catalog.Approver, known bool) (named, error) {
	l, err := q.list(ctx, a)
	if err != nil {
		return q.unread(ctx, a, err)
	}
	q.s.outside.heard(a, nil)
	if len(l.names) == 0 {
		return named{vacant: []string{l.empty}}, nil
	}
	return q.listed(ctx, l, known)
}

// unread says what follows from that a source can't be read: that is not that it names
// nobody. It is an error for the first minutes; then it is noted with those who are found.
func (q lists) unread(ctx context.Context, a catalog.Approver, err error) (named, error) {
	f, judged := access.Classify(err), livingNow(ctx)
	if ctx.Err() != nil && !judged {
		return named{}, err
	}
	since := q.s.outside.heard(a, err)
	left := patience - q.s.units.Now().Sub(since)
	switch {
	case judged && f.Class == access.Rejected: // it isn't there
		return named{unread: []string{unreadable(a)}}, nil
	case judged:
		return named{unread: []string{unreadable(a)}, doubt: &access.Failure{Class: access.Transient, Sentence: f.Sentence, Err: errors.Join(errSourceUnread, err)}}, nil
	case left > 0 && f.Class != access.Rejected:
		return named{}, &access.Failure{Class: access.Limited, After: max(f.After, min(left, patience/4)), Sentence: f.Sentence + ". It is tried again before others are asked", Err: err}
	}
	q.s.log.Warn("a source of approvers can't be read", "source", a.String(), "error", err)
	if err := q.tellIT(ctx, a, f.Sentence); err != nil {
		return named{}, err
	}
	return named{unread: []string{unreadable(a)}}, nil
}

// tellIT tells IT, once a day, that a source can't be read.
func (q lists) tellIT(ctx context.Context, a catalog.Approver, sentence string) error {
	return q.s.units.Update(ctx, func(u *engine.Unit) error {
		return q.s.notifier.it(u, notice{marker: "unread/" + a.String(), title: "It can't be read who approves", lines: []string{
			sentence + ".", "Until it can, the others of its stage are asked, or who stands in; what is not known is said on each request.",
		}})
	})
}

// list is what a source says at a moment.
type list struct {
	names []string // addresses, or accounts in Slack
	in    string   // what it is called
	empty string   // what there is to say where it names nobody
}

func (q lists) list(ctx context.Context, a catalog.Approver) (list, error) {
	if a.Kind == catalog.SlackUserGroup {
		return q.userGroup(ctx, a.Name)
	}
	if q.s.outside.calls == nil {
		return list{}, Rejected("No schedule of who is on call is configured: add %s under oncall", a.Name)
	}
	who, err := q.s.outside.calls.OnCall(ctx, a.Name, livingNow(ctx))
	return list{who, "the schedule " + a.Name, "nobody is on call by the schedule " + a.Name}, err
}

// userGroup are the members of a user group. Whoever asks while somebody else does shares
// the answer, if that one began late enough.
func (q lists) userGroup(ctx context.Context, id string) (list, error) {
	if q.s.outside.groups == nil {
		return list{}, Rejected("User groups in Slack can't be read here")
	}
	accounts, err := q.s.outside.shared.do(ctx, id, q.s.begin(ctx, q.r.Beneficiary), func() ([]string, error) { return q.s.outside.groups.UserGroup(ctx, id) })
	called := "the user group in Slack that is asked"
	if err == nil && !livingNow(ctx) { // somebody waits for whether an answer counts, and not for words
		if handle := q.s.outside.groups.UserGroupCalled(ctx, id); handle != "" {
			called = "the user group " + handle
		}
	}
	return list{accounts, called, "nobody is in " + called}, err
}

// listed are the people whom a list names.
func (q lists) listed(ctx context.Context, l list, known bool) (named, error) {
	var addresses []access.Email
	var accounts []string
	for _, one := range l.names {
		if catalog.IsEmail(one) {
			addresses = append(addresses, access.NewEmail(one))
		} else {
			accounts = append(accounts, one)
		}
	}
	n, err := q.s.byAddresses(ctx, addresses)
	if err != nil {
		return named{}, err
	}
	others, err := q.behind(ctx, accounts, l.in, known)
	return n.and(others), err
}
