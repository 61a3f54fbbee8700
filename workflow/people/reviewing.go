package people

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// Reviewing finds those who are asked at an access review. It knows of no request: whose access it is stays out of
// what it answers, and whoever asks leaves them out.
type Reviewing struct{ s *Service }

// ReviewingOf finds them by what a service knows.
func ReviewingOf(s *Service) Reviewing { return Reviewing{s} }

// Named are those for whom a source of approvers stands, of a role of the catalogue, as far as they may act; and why
// others aren't among them, in words. Managers are no such source: see Above.
func (r Reviewing) Named(ctx context.Context, a catalog.Approver, role catalog.RoleRef) (who []access.PersonID, lacks []string, err error) {
	q := question{r.s, access.Request{App: role.App, Role: role.Role}}
	n, err := q.approvers(ctx, a, false)
	if err != nil {
		return nil, nil, err
	}
	found, err := r.s.admitted(ctx, q.r, n)
	return found.Who, n.lacks(q.r, found), err
}

// Above is whom a directory names as the manager of an account, who is met if nobody has known them yet; "" if that
// leads to nobody.
func (r Reviewing) Above(ctx context.Context, directory string, account idp.Person) (access.PersonID, error) {
	b := managerEntry{directory: directory, account: account.ManagerID, address: access.NewEmail(account.ManagerEmail), key: account.ManagerKey, named: account.ManagerText}
	return question{r.s, access.Request{}}.entered(ctx, b)
}

// Manager is the manager of somebody; "" where nobody is known to be.
func (r Reviewing) Manager(ctx context.Context, who access.PersonID) (access.PersonID, error) {
	return r.s.Manager(ctx, who)
}

// Able are those of some people who may act at this moment.
func (r Reviewing) Able(ctx context.Context, who ...access.PersonID) ([]access.PersonID, error) {
	found, err := r.s.admitted(ctx, access.Request{}, named{who: who})
	return found.Who, err
}
