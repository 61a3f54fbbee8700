// Package population reads who is in a group of a directory, with what proves that nobody is missing.
package population

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/workflow/membership"
)

const (
	// rereadings is how often a group is read once more whose population isn't proven.
	rereadings = 3
	// leastWait is how long it waits before that at least.
	leastWait = time.Second
	// mostSpotPages is up to how many pages one account of each is looked up by itself. Of more pages the vendor's count has to
	// do: to ask for each would take as many calls as the list.
	mostSpotPages = 5
)

// Members takes the members of a group, some at a time, as they are read.
type Members interface {
	// Begin says that a reading begins: what was taken before is of an earlier one, and isn't used.
	Begin() error
	// Add takes members, and says of how many of them the account was taken before: those are no further members. It doesn't
	// keep the slice.
	Add(some []idp.Membership) (again int, err error)
	// Doubled is how many of the accounts that were taken are a further one of somebody who is in the group already.
	Doubled() (int, error)
	// Accounts are the ids of those that were taken, each once, in ascending order.
	Accounts() iter.Seq[string]
}

// Extractor reads who is in groups, so that it can be shown that nobody is missing. It is safe for concurrent use.
type Extractor struct {
	Clock clock.Clock
	Tool  string // which version of Latchkey this is
}

// Extract reads a group to its end, hands each member to take, and tells what proves that nobody is missing. What isn't
// proven is read anew after the directory's consistency window, up to three times; the last reading is the one that take
// has. A list that breaks off is an error, never a shorter list. One that isn't proven in the end is no error: the
// population says so.
func (x Extractor) Extract(ctx context.Context, d idp.Directory, g idp.Group, take Members) (access.Population, error) {
	p := access.Population{Directory: d.ID(), Group: g.ID, Name: g.Name, Tool: x.Tool}
	for {
		if err := x.read(ctx, d, take, &p); err != nil {
			p.Failure = err.Error()
			return p, err
		}
		if p.Proven() || p.Rereadings() >= rereadings || settled(p) {
			return p, nil
		}
		if err := x.wait(ctx, max(membership.ReadLag(d), leastWait)); err != nil {
			return p, err
		}
	}
}

// settled tells that another reading would say nothing else: nobody is listed, nobody is counted, and that twice; or the
// directory doesn't say how it reads.
func settled(p access.Population) bool {
	last := p.Last()
	return len(last.Lists) == 0 || p.Proof() == access.CountUnknown && last.Accounts == 0 && p.Rereadings() > 0
}

// read reads a group once and adds the reading to its population.
func (x Extractor) read(ctx context.Context, d idp.Directory, take Members, p *access.Population) error {
	ctx = idp.Apart(ctx)
	list, err := d.Members(ctx, p.Group)
	if err != nil {
		return err
	}
	if err := take.Begin(); err != nil {
		return err
	}
	accounts, err := taken(list, take)
	if err != nil {
		return err
	}
	doubled, err := take.Doubled()
	if err != nil {
		return err
	}
	r := access.Reading{Accounts: accounts, Doubled: doubled, AccountsHash: hashOf(take.Accounts())}
	if list.Read != nil {
		how, err := list.Read(ctx)
		if err != nil {
			return err
		}
		for _, l := range how.Lists {
			r.LookedUp, r.Strangers = r.LookedUp+l.Confirmed+l.Contradicted, r.Strangers+l.Contradicted
		}
		if err := lookUp(ctx, d, p.Group, how, &r); err != nil {
			return err
		}
		p.Service, r.Lists, r.RowsHash = how.Service, listsRead(how.Lists), hex.EncodeToString(how.RowsHash[:])
	}
	p.Readings = append(p.Readings, r)
	return nil
}

// lookUp asks of one account of each page whether it is in the group: a page that is another group's, or an old one, may
// have as many rows as the right one. Who isn't there any more by then, or can't be asked for, shows nothing.
func lookUp(ctx context.Context, d idp.Directory, group string, how idp.Extraction, r *access.Reading) error {
	checker, able := idp.As[idp.MemberChecker](d)
	if !able || len(how.Spots) > mostSpotPages {
		return nil
	}
	for _, account := range how.Spots {
		is, err := checker.IsMember(ctx, group, account)
		switch {
		case errors.Is(err, idp.ErrNoAccount) || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused):
			continue
		case err != nil:
			return err
		}
		if r.LookedUp++; !is {
			r.Strangers++
		}
	}
	return nil
}

// wait lets some time pass.
func (x Extractor) wait(ctx context.Context, d time.Duration) error {
	ready, stop := x.Clock.Until(x.Clock.Now().Add(d))
	defer stop()
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// takenAtOnce is how many members are handed over at a time.
const takenAtOnce = 256

// taken hands the members of a list over, and tells how many accounts there are.
func taken(list idp.Listing, take Members) (accounts int, err error) {
	some := make([]idp.Membership, 0, takenAtOnce)
	hand := func() error {
		again, err := take.Add(some)
		accounts += len(some) - again // who is repeated the directory counts
		some = some[:0]
		return err
	}
	for m, err := range list.All {
		if err == nil && m.PersonID == "" {
			err = errors.New("a member has no id, so nobody can tell who that is; it will be tried again")
		}
		if some = append(some, m); err == nil && len(some) == takenAtOnce {
			err = hand()
		}
		if err != nil {
			return accounts, err
		}
	}
	return accounts, hand()
}

// hashOf is the same for the same accounts, in whatever order they came: of their ids in ascending order, a line each.
func hashOf(ids iter.Seq[string]) string {
	sum := sha256.New() // which never fails
	lines := make([]byte, 0, hashedAtOnce)
	for id := range ids {
		if len(lines)+len(id) >= hashedAtOnce {
			sum.Write(lines)
			lines = lines[:0]
		}
		lines = append(append(lines, id...), '\n')
	}
	sum.Write(lines)
	return hex.EncodeToString(sum.Sum(nil))
}

// hashedAtOnce is how many bytes are gathered before they are hashed.
const hashedAtOnce = 4096

// listsRead are lists as the record has them.
func listsRead(all []idp.ListRead) (out []access.ListRead) {
	for _, l := range all {
		out = append(out, access.ListRead{
			Request: request(l.Request), Pages: l.Pages, Rows: l.Rows, Repeated: l.Repeated, Uncounted: l.Uncounted, NotAccounts: l.NotAccounts,
			Apart: l.Apart, Unlisted: l.Unlisted, ByPosition: l.ByPosition, Moved: l.Moved, First: l.First.UTC(), Last: l.Last.UTC(),
			Count: access.VendorCount{N: l.Count.N, Known: l.Count.Known, At: l.CountedAt.UTC(), Request: request(l.CountedBy)},
		})
	}
	return out
}

func request(q idp.Request) access.APIRequest {
	out := access.APIRequest{Method: q.Method, Path: q.Path}
	for _, p := range q.Params {
		out.Params = append(out.Params, access.APIParam(p))
	}
	return out
}
